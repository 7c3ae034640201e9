package proxy

import (
	"math"
	"reflect"
)

// convert makes of an argument a value of a type. It reports whether it fits.
func convert(arg any, to reflect.Type) (reflect.Value, bool) {
	v := reflect.ValueOf(arg)
	switch {
	case !v.IsValid():
		return reflect.Zero(to), nillable(to.Kind())
	case v.Type().AssignableTo(to):
		return v, true
	case v.Kind() == to.Kind() && v.CanConvert(to):
		return v.Convert(to), true
	}
	n := reflect.New(to).Elem()
	return n, setNumber(n, v)
}

func nillable(k reflect.Kind) bool {
	switch k {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return true
	}
	return false
}

// setNumber sets n to the number v, if both are numbers and n can hold it.
func setNumber(n, v reflect.Value) bool {
	switch {
	case n.CanInt():
		i, ok := asInt(v)
		n.SetInt(i)
		return ok && n.Int() == i
	case n.CanUint():
		u, ok := asUint(v)
		n.SetUint(u)
		return ok && n.Uint() == u
	case n.CanFloat():
		f, ok := asFloat(v)
		if ok = ok && !n.OverflowFloat(f); ok {
			n.SetFloat(f)
		}
		return ok
	}
	return false
}

func asInt(v reflect.Value) (int64, bool) {
	switch {
	case v.CanInt():
		return v.Int(), true
	case v.CanUint():
		return int64(v.Uint()), v.Uint() <= math.MaxInt64
	case v.CanFloat():
		f := v.Float()
		if f != math.Trunc(f) || f < -1<<63 || f >= 1<<63 {
			return 0, false
		}
		return int64(f), true
	}
	return 0, false
}

func asUint(v reflect.Value) (uint64, bool) {
	switch {
	case v.CanUint():
		return v.Uint(), true
	case v.CanFloat() && v.Float() >= 1<<63:
		f := v.Float()
		if f >= 1<<64 {
			return 0, false
		}
		return uint64(f), true
	}
	i, ok := asInt(v)
	return uint64(i), ok && i >= 0
}

// asFloat refuses an integer that a float64 would round.
func asFloat(v reflect.Value) (float64, bool) {
	switch {
	case v.CanFloat():
		return v.Float(), true
	case v.CanInt():
		f := float64(v.Int())
		i, ok := asInt(reflect.ValueOf(f))
		return f, ok && i == v.Int()
	case v.CanUint():
		f := float64(v.Uint())
		u, ok := asUint(reflect.ValueOf(f))
		return f, ok && u == v.Uint()
	}
	return 0, false
}
