package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// A Thread is what the kernel knows of an OS thread.
type Thread struct {
	Name string // at most 15 bytes
	Nice int    // from -20, which is served first, to 19
}

// String is how the program prints a Thread.
func (t Thread) String() string { return fmt.Sprintf("%s, nice %d", t.Name, t.Nice) }

// set gives the calling thread the name and the priority of t.
func (t Thread) set() error {
	name, err := syscall.BytePtrFromString(t.Name)
	if err != nil {
		return err
	}
	_, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_NAME, uintptr(unsafe.Pointer(name)), 0)
	if errno != 0 {
		return fmt.Errorf("prctl: %w", errno)
	}
	return os.NewSyscallError("setpriority", syscall.Setpriority(syscall.PRIO_PROCESS, 0, t.Nice))
}

func thisThread() (Thread, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/stat", syscall.Gettid()))
	if err != nil {
		return Thread{}, err
	}
	return parse(string(text))
}

// parse reads a file stat of /proc, which proc(5) describes. The name is in
// parentheses, and may itself have some.
func parse(stat string) (t Thread, err error) {
	const nice = 19 - 3 // field 19, counted from the one behind the name, field 3
	start, end := strings.IndexByte(stat, '('), strings.LastIndexByte(stat, ')')
	if start < 0 || end < start {
		return t, fmt.Errorf("not a stat of /proc: %q", stat)
	}
	fields := strings.Fields(stat[end+1:])
	if len(fields) <= nice {
		return t, fmt.Errorf("not a stat of /proc: %q", stat)
	}
	t.Name = stat[start+1 : end]
	t.Nice, err = strconv.Atoi(fields[nice])
	return t, err
}
