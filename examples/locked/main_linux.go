// Locked gives each of its actors an OS thread with a name of its own, which
// any tool shows that lists threads: top -H, gdb, perf, or the program itself,
// in /proc/self/task. The name is the kernel's, kept for each thread, and so
// is what a C library keeps in thread-local storage: an actor that goes on on
// another thread would not find it again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/runtime/locked"
)

// Who asks a camera for the name of the thread that it runs on.
type Who struct{ core.Returns[string] }

// A Camera stands for a device whose driver is bound to a thread.
type Camera struct{}

// Receive implements core.Actor.
func (Camera) Receive(context.Context, Who) (any, error) { return threadName(syscall.Gettid()) }

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	look := flag.Bool("look", false, "keep the threads until the input ends, so that others can look at them")
	flag.Parse()
	wait := func() error { return nil }
	if *look {
		wait = func() error { _, err := io.Copy(io.Discard, os.Stdin); return err }
	}
	if err := run(ctx, 3, wait); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, cameras int, wait func() error) error {
	var started, ended atomic.Int32
	sys := core.NewSystem(locked.New(locked.OnThread(func() (func(), error) {
		name := fmt.Sprintf("camera-%d", started.Add(1))
		return func() { ended.Add(1) }, setThreadName(name)
	})))
	for range cameras {
		camera, err := core.Spawn(sys, Camera{})
		if err != nil {
			return err
		}
		name, err := core.Call(ctx, camera, Who{})
		if err != nil {
			return err
		}
		fmt.Println("runs on", name)
	}
	if err := errors.Join(wait(), sys.Shutdown(ctx)); err != nil {
		return err
	}
	fmt.Println(ended.Load(), "threads ended")
	return nil
}

// setThreadName names the calling thread, by at most 15 bytes.
func setThreadName(name string) error {
	text, err := syscall.BytePtrFromString(name)
	if err != nil {
		return err
	}
	_, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_NAME, uintptr(unsafe.Pointer(text)), 0)
	if errno != 0 {
		return fmt.Errorf("prctl: %w", errno)
	}
	return nil
}

// threadName reads the name of a thread of this process.
func threadName(tid int) (string, error) {
	var name string
	text, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/comm", tid))
	if err == nil {
		_, err = fmt.Sscan(string(text), &name)
	}
	return name, err
}
