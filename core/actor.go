package core

import (
	"context"
	"reflect"
	"runtime"
	"strings"
)

// An Actor handles messages of type M, one at a time.
//
// Its hooks are interfaces of one method that core finds by assertion:
// [Starter], [Stopper], [FailureHandler]. Receive and the hooks of one actor
// never overlap, and each sees what the ones before it wrote, on whichever
// goroutines they ran.
type Actor[M any] interface {
	// Receive handles msg. The reply, or the error, goes to whoever asked;
	// nobody can tell from inside whether somebody did.
	//
	// An error, or a panic, is the asker's if there is one, and the actor
	// lives on; of a message that was told it is the actor's failure, and
	// its end. What an error means besides: [ErrStop], [ErrUnhandled],
	// [Fatal].
	//
	// The context is the actor's own, the same in every call, and ends when
	// the actor has ended. [Self], [SystemOf] and [Logger] take it. It may
	// be given to goroutines that the handler starts.
	Receive(ctx context.Context, msg M) (reply any, err error)
}

// A Starter is an Actor with something to do before its first message.
type Starter interface {
	// OnStart runs before the first message, where turns do; see [Ref.Call]. An
	// error other than ErrStop ends the actor: no message is handled, and
	// neither OnStop nor OnFailure is called.
	OnStart(ctx context.Context) error
}

// A Stopper is an Actor with something to do after an orderly stop.
type Stopper interface {
	// OnStop runs once, after the last message, when the actor was stopped
	// or an error was [Fatal]. The actor is dead already: it cannot be found
	// or sent to. An error is logged and changes nothing else.
	OnStop(ctx context.Context) error
}

// A FailureHandler is an Actor that is told why it ended when a message that
// was told, not asked, failed.
type FailureHandler interface {
	// OnFailure runs once, in place of OnStop. The actor is dead already.
	OnFailure(ctx context.Context, err error)
}

// A Holder is an Actor that stands in front of another value, which need not
// be an Actor. It gives the value its Receive; the hooks, the type, the name
// in logs, and what an [Invoke] is called with, are the value's.
type Holder interface {
	// Held returns the value, always the same one. It may be called from any
	// goroutine.
	Held() any
}

// heldBy is the value that a stands for, a itself if it is no Holder.
func heldBy(a any) any {
	if h, ok := a.(Holder); ok {
		return h.Held()
	}
	return a
}

// Func makes an Actor of one function, such as a method of a service. In
// logs it goes by the name of that function.
func Func[M, R any](receive func(context.Context, M) (R, error)) Actor[M] {
	if receive == nil {
		return nil
	}
	return &funcActor[M, R]{receive}
}

type funcActor[M, R any] struct {
	receive func(context.Context, M) (R, error)
}

func (f *funcActor[M, R]) Receive(ctx context.Context, msg M) (any, error) {
	return f.receive(ctx, msg)
}

func (f *funcActor[M, R]) funcName() string {
	fn := runtime.FuncForPC(reflect.ValueOf(f.receive).Pointer())
	name := fn.Name()
	return strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], "-fm")
}
