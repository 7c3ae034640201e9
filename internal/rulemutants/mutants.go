package main

// mutants are the breakages, by the number of the rule in docs/semantics.md,
// or, where no number fits, by what is broken.
var mutants = []mutant{
	// Start.
	{"P1", "core/spawn.go", "err = invalid(\"the constructor returned a nil actor\")", "err = nil", "TestConstructorFails"},
	{"P2", "core/spawn.go", "c.word.Store(booting | running | work)", "c.word.Store(booting | running | work | closed)", "TestRefInConstructor"},
	{"P6", "core/system.go", "s.live.push(a)", "go s.live.push(a)", "TestFoundInOnStart"},
	{"P9", "core/spawn.go", "c.phase = starting", "c.phase = serving", "TestOnStartComesFirst"},
	{"P10", "core/identity.go", "b[6] = b[6]&0x0f | 0x40", "b[6] = b[6]&0x0f | 0x50", "TestURN"},
	{"P11", "core/identity.go", `return a.kind.name + " (" + a.urn() + ")"`, `return a.kind.name + " " + a.urn()`, "TestString"},
	{"P13", "core/spawn.go", "return ref, err\n\t}\n\tdefer c.waker", "return ref, nil\n\t}\n\tdefer c.waker", "TestRuntimeRefuses"},
	{"P14", "core/loop.go", "c.stopSelf()\n\tdefault:\n\t\tc.logError(\"OnStart", "t.leave(exit{hook: stopHook})\n\t\treturn\n\tdefault:\n\t\tc.logError(\"OnStart", "TestStopWhileStarting"},

	// Stop.
	{"P15", "core/stop.go", "x.stopAt = a.pushed", "x.stopAt = a.pushed - uint64(a.left)", "TestStopComesInOrder"},
	{"P16", "core/loop.go", "case obeys(err, ErrStop):\n\t\ta.stopSelf()\n\t\treturn value, nil", "case obeys(err, ErrStop):\n\t\treturn value, nil", "TestErrStop"},
	{"P17", "core/finish.go", "c.answerStop(x)\n\tt.drain()", "t.drain()\n\tc.answerStop(x)", "TestStopIsAnsweredBeforeTheDrain"},
	{"P17", "core/finish.go", "c.endLife(nil)\n\tc.kind.sys.freeName(&c.actor)\n\tc.answerStop(x)\n\tt.drain()", "c.kind.sys.freeName(&c.actor)\n\tc.answerStop(x)\n\tt.drain()\n\tc.endLife(nil)", "TestOrderOfAnEnd"},
	{"P18", "core/finish.go", "\t\tt.runHook(x)\n", "\t\tc.answerStop(x)\n\t\tt.runHook(x)\n", "TestStopWaitsForOnStopOnly"},
	{"P19", "core/finish.go", "a.unlock(w | closed)", "a.unlock(w)", "TestDeadInOnStop"},
	{"P20", "core/finish.go", "x.stop.resolve(true, nil)", "x.stop.resolve(false, nil)", "TestResultOfStop"},
	{"P21", "core/ref.go", "o.resolve(false, nil)\n\treturn future[bool]{o}", "o.resolve(true, nil)\n\treturn future[bool]{o}", "TestAskStop|TestStopOfADeadActor"},
	{"P23", "core/stop.go", "if w&stopping == 0 {", "if true {", "TestTheFirstStopIsTheMark"},
	{"P25", "core/finish.go", "c.discard(t.batch.read(), &deadError{&c.actor, true})", "t.batch.read()", "TestLeftovers"},
	{"P26", "core/send.go", "if w&closed != 0 {", "if false {", "TestSendersRaceWithTheEnd"},
	{"P27", "core/deadlock.go", "if slices.Contains(w.stack, on) {", "if len(path) > 1 && slices.Contains(w.stack, on) {", "TestWaitForOneselfIsARingOfOne"},
	{"P28", "core/loop.go", "t.leave(exit{err: err, hook: failureHook})\n\t}\n\treturn nil, forAsker(err)", "t.leave(exit{err: err, hook: stopHook})\n\t}\n\treturn nil, forAsker(err)", "TestWhenOnStopRuns|TestTellFails"},
	{"P29", "core/finish.go", "t.c.logError(\"hook of an ending actor failed\", err)", "", "TestOnStopFails"},
	{"shutdown", "core/shutdown.go", "for i := len(all) - 1; i >= 0; i-- {\n\t\ta := all[i]\n", "for _, a := range all {\n", "TestShutdownOrder"},

	// Failures.
	{"P30", "core/loop.go", "case t.asked():\n\t\ta.logAsked(err)", "case t.asked():", "TestAskFails|TestUnreadFailure"},
	{"P30", "core/loop.go", "return t.inline || t.msg.o != nil && !t.msg.o.told()", "return t.inline", "TestAskFails"},
	{"P31", "core/finish.go", "h.OnFailure(ctx, x.exit.err)", "h.OnFailure(ctx, nil)", "TestTellFails"},
	{"P32", "core/finish.go", "if c.phase == ending {\n\t\tc.shut(x)", "if c.phase == ending {\n\t\tdefer c.shut(x)", "TestDeadInOnFailure"},
	{"P34", "core/loop.go", "c.logError(\"OnStart failed\", err)\n\t\tt.leave(exit{err: err})", "c.logError(\"OnStart failed\", err)\n\t\tt.leave(exit{err: err, hook: failureHook})", "TestOnStartFails"},
	{"P40", "core/finish.go", "c.phase = hooked\n\t\tt.runHook(x)", "t.runHook(x)\n\t\tc.phase = hooked", "TestFatalOnStop"},
	{"P35", "core/loop.go", "e.err = forAsker(e.err)", "", "TestFatalOfAnotherSystem"},

	// Messages.
	{"P45", "core/queue.go", "c.tail.slots[c.tail.hi] = e\n\tc.tail.hi++", "c.tail.slots[c.tail.hi] = e\n\tc.tail.hi++\n\tif c.tail.hi == 3 {\n\t\tc.tail.slots[1], c.tail.slots[2] = c.tail.slots[2], c.tail.slots[1]\n\t}", "TestOrderOfOneSender"},
	{"P48", "core/box.go", "s := b.waiting[0]\n\t\tb.waiting[0] = nil\n\t\tb.waiting = b.waiting[1:]", "s := b.waiting[len(b.waiting)-1]\n\t\tb.waiting = b.waiting[:len(b.waiting)-1]", "TestWaitingSendersAreLetInInOrder"},
	{"P48", "core/box.go", "b.waiting = append(b.waiting[:i], b.waiting[i+1:]...)", "_ = i", "TestWaitingSenderLeaves"},
	{"P48", "core/box.go", "c.pushed++\n\t\tc.unlock(w)\n\t\tc.discard(e", "c.unlock(w)\n\t\tc.discard(e", "TestDropNewest"},
	{"P50", "core/errors.go", "func (e *deadError) Unwrap() error { return ErrDead }", "func (e *deadError) Unwrap() error { return nil }", "TestVerbsOnADeadActor"},
	{"P52", "core/park.go", "if ctx.Err() != nil {\n\t\t\treturn contextError(ctx)\n\t\t}\n\t\tif err", "if err", "TestCallGivesUp"},
	{"P55", "core/finish.go", "&deadError{&c.actor, true}", "&deadError{&c.actor, false}", "TestAskThatIsLeftOver|TestLeftovers"},
	{"P56", "core/loop.go", "o.resolve(value, err)", "o.resolve(nil, err)", "TestReplyOfAnyKind|TestCall"},
	{"P58", "core/loop.go", "case obeys(err, ErrUnhandled):\n\t\ta.logUnhandled(t.describe())", "case false:", "TestUnhandled"},
	{"P59", "core/send.go", "told: true", "told: false", "TestInvokeThatIsLeftOver"},
	{"P64", "core/ref.go", "return r.a != nil && r.a.word.Load()&closed == 0", "return r.a != nil && r.a.word.Load()&ended == 0", "TestAlive|TestDeadInOnStop"},
	{"P68", "core/finish.go", "c.value = nil", "", "TestRefKeepsNoState"},
	{"P70", "core/deadlock.go", "&& w.ctx.Err() == nil ", "", "TestNoRingThroughAWaitThatGaveUp"},
	{"P70", "core/stack.go", "if len(addresses) < n {", "if len(addresses) <= n {", "TestNoRingThroughAnActorWhoseContextIsUsed"},
	{"P70", "core/deadlock.go", "!w.what.settled() && ", "", "TestNoRingThroughAResolvedWait"},
	{"P70", "core/deadlock.go", "!slices.Equal(ring, again)", "len(again) > len(ring)", "TestNoRingOfAWaitThatWasReplaced"},
	{"P70", "core/inline.go", "\tc.nest(by)\n\tvar t turn", "\tvar t turn", "TestRingThroughAnInlineCall"},
	{"P70", "core/deadlock.go", "case aok != bok && aok:\n\t\t\treturn -1\n\t\tcase aok != bok:\n\t\t\treturn 1", "", "TestRingWithADeadlineOfWhatIsBeingHandled"},
	{"P70", "core/deadlock.go", "here := turnsHere(w.stack, w.on.kind.sys)", "here := w.stack", "TestWaitBesideTheTurn"},
	{"P70", "core/box.go", "park(ctx, by, &c.actor, s.p, s)", "park(ctx, by, nil, s.p, s)", "TestRingThroughFullInboxes"},
	{"P70", "core/stop.go", "x.stop = &outcome{to: a}", "x.stop = &outcome{}", "TestRingThroughStop"},
	{"done ctx", "core/park.go", "if ctx.Err() != nil {\n\t\treturn contextError(ctx)\n\t}\n\treturn nil", "return nil", "TestVerbsWithADoneContext"},
	{"accounts", "core/deadletter.go", "c.kind.sys.dead.Add(1)\n\t\te.o", "e.o", "TestDropNewest|TestInvokeThatIsLeftOver"},

	// Turns on the caller's goroutine.
	{"inline", "core/inline.go", "return ctx.Done() == nil", "return true", "TestInlineNotWithADerivedDeadline"},
	{"inline", "core/inline.go", "return true\n\t}\n\treturn ctx.Done() == nil", "return false\n\t}\n\treturn ctx.Done() == nil", "TestInlineCallOfAHandler"},
	{"inline", "core/inline.go", "depth > maxDepth", "depth > 2*maxDepth", "TestInlineDepthOfClaims"},
	{"inline", "core/inline.go", "defer in.Leave()\n\tif !c.enter(depth)", "if !c.enter(depth)", "TestInlineTell"},
	{"inline", "core/inline.go", "defer in.Leave()\n\tw, ok := a.claim", "w, ok := a.claim", "TestInlineClaim"},
	{"inline", "core/inline.go", "if !a.mayRun(ctx) || !a.free()", "if !a.free()", "TestInlineStop"},
	{"inline", "core/loop.go", "n = 1\n", "_ = 1\n", "TestInlineClaim"},
	{"inline", "core/loop.go", "} else {\n\t\tc.waker.Wake(nil)\n\t}", "}", "TestInlineErrStopWithMoreToDo"},
	{"inline", "core/state.go", "next := w&^depthMask | running | depth", "next := w&^(depthMask|queued) | running | depth", "TestInlineClaimDuringATurn"},
	{"P30", "core/loop.go", "t.value, t.err = value, err", "t.value = value", "TestInlineError"},
	{"P70", "core/inline.go", "\t\ta.nest(by)\n\t\ta.self.borrow", "\t\ta.self.borrow", "TestRingThroughAnInlineStop"},
	{"P117", "core/system.go", "index.Register(Ref[any]{a: a})\n\t}\n\ta.log", "s.mu.Lock()\n\t\tindex.Register(Ref[any]{a: a})\n\t\ts.mu.Unlock()\n\t}\n\ta.log", "TestIndexIsToldWithoutALock"},

	// Debugging.
	{"P159", "core/dump.go", "line.since = now.Sub(turn.at)", "", "TestDumpTimes"},
	{"P159", "core/dump.go", "if !known || turn.id != line.turn {", "if !known {", "TestDumpTimes"},
	{"P159", "core/dump.go", "turnID{w >> inlineShift, ", "turnID{0, ", "TestDumpTimes"},
	{"P159", "core/dump.go", "now.Sub(w.since).Round", "time.Duration(0).Round", "TestDumpTimes"},

	// Futures.
	{"P77", "core/promise.go", "return ErrResolved\n\t}\n\twaiters := p.o.settle(value, err)", "\n\t}\n\twaiters := p.o.settle(value, err)", "TestPromiseCompletesOnce"},
	{"P78", "core/promise.go", "if err == nil {\n\t\treturn invalid(\"Reject", "if false {\n\t\treturn invalid(\"Reject", "TestPromiseRefusesNil"},
	{"P87", "core/lazy.go", " || r.lazy.round != r.round", "", "TestComputeIsTakenOverByAnother"},
	{"P90", "core/combine.go", "all[i] = v", "all[len(fs)-1-i] = v", "TestJoinOrder"},
	{"P91", "core/combine.go", "acc := initial", "var acc R", "TestReduce"},
}
