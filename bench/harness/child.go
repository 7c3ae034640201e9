package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// childEnv holds the order of a process that is to do one measurement.
const childEnv = "TROUPE_BENCH_ORDER"

// tooLong is more than any measurement needs, but for one that is to take longer.
const tooLong = 5 * time.Minute

// A process that took too long has so long to say what its goroutines wait for,
// and says no more than this of it: a scenario may have a million of them.
const (
	lastWords = 10 * time.Second
	mostWords = 1 << 16
)

type order struct {
	Scenario, Subject string
	Quick             bool
	Target            time.Duration
}

// Child does the measurement that this process was started for, if it was
// started for one, and ends the process. A program that measures calls it
// first.
func Child(scenarios []Scenario) {
	text := os.Getenv(childEnv)
	if text == "" {
		return
	}
	if err := obey(scenarios, text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func obey(scenarios []Scenario, text string) error {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		return err
	}
	for i := range scenarios {
		if s := &scenarios[i]; s.Name == o.Scenario {
			sample, err := Measure(s, o.Subject, o.Quick, o.Target)
			if err != nil {
				return err
			}
			return json.NewEncoder(os.Stdout).Encode(sample)
		}
	}
	return fmt.Errorf("no scenario %q", o.Scenario)
}

// inChild measures in a new process of this program, and gives up after limit.
func inChild(o order, limit time.Duration) (sample Sample, err error) {
	self, err := os.Executable()
	if err != nil {
		return sample, err
	}
	text, err := json.Marshal(o)
	if err != nil {
		return sample, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var out bytes.Buffer
	var errs words
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	cmd.Stdout, cmd.Stderr = &out, &errs
	// Go answers this signal with the stacks of all goroutines.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGQUIT) }
	cmd.WaitDelay = lastWords
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("not done after %v: a message was lost, or it hangs (%w)", limit, err)
		}
		return sample, fmt.Errorf("%s on %s: %w\n%s", o.Scenario, o.Subject, err, errs.text)
	}
	// A peer may print something of its own before.
	last := bytes.TrimSpace(out.Bytes())
	last = last[bytes.LastIndexByte(last, '\n')+1:]
	return sample, json.Unmarshal(last, &sample)
}

// words are what a process says, as far as there is room for it.
type words struct{ text []byte }

// Write takes in what there is room for.
func (w *words) Write(more []byte) (int, error) {
	w.text = append(w.text, more[:min(len(more), mostWords-len(w.text))]...)
	return len(more), nil
}
