package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// childEnv holds the order of a process that is to do one measurement.
const childEnv = "TROUPE_BENCH_ORDER"

// tooLong is more than any measurement needs.
const tooLong = 5 * time.Minute

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

// inChild measures in a new process of this program.
func inChild(o order) (sample Sample, err error) {
	self, err := os.Executable()
	if err != nil {
		return sample, err
	}
	text, err := json.Marshal(o)
	if err != nil {
		return sample, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), tooLong)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return sample, fmt.Errorf("%s on %s: %w\n%s", o.Scenario, o.Subject, err, errs.Bytes())
	}
	// A peer may print something of its own before.
	last := bytes.TrimSpace(out.Bytes())
	last = last[bytes.LastIndexByte(last, '\n')+1:]
	return sample, json.Unmarshal(last, &sample)
}
