package core_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/troupe-go/troupe/core"
	"github.com/troupe-go/troupe/internal/testkit"
	"github.com/troupe-go/troupe/runtime/goroutine"
)

// P3: what can never be an actor, or fits it never, is refused by Spawn with
// ErrInvalid and a text that says what was wrong and what would be right, and
// nothing is started.
// P5: so is a system without a runtime.
func TestSpawnOfNonsense(t *testing.T) {
	spawn := func(a core.Actor[any], opts ...core.Option) func(*core.System) error {
		return func(sys *core.System) error { _, err := core.Spawn(sys, a, opts...); return err }
	}
	with := func(opts ...core.Option) func(*core.System) error { return spawn(&testkit.Probe{}, opts...) }
	on := func(rt core.Runtime, opts ...core.SystemOption) func(*core.System) error {
		return func(*core.System) error {
			sys := core.NewSystem(rt, opts...)
			defer func() { assert.NoError(t, sys.Shutdown(context.Background())) }()
			return with()(sys)
		}
	}
	construct := func(newActor func(core.Ref[any]) (*testkit.Probe, error)) func(*core.System) error {
		return func(sys *core.System) error { _, err := core.SpawnNew(sys, newActor); return err }
	}
	var noRuntime *goroutine.Runtime
	nonsense := map[string]struct {
		spawn func(*core.System) error
		wrong string
		right string
	}{
		"nil_actor":            {spawn(nil), "nil actor", "Spawn takes a value that handles messages"},
		"nil_pointer":          {spawn((*testkit.Probe)(nil)), "nil actor", "such as a pointer to a struct"},
		"nil_func":             {spawn(core.Func[any, any](nil)), "nil actor", "Spawn takes a value that handles messages"},
		"nil_constructor":      {construct(nil), "nil constructor", "a function that makes the actor"},
		"nil_system":           {func(*core.System) error { return with()(nil) }, "nil system", "NewSystem makes one"},
		"nil_runtime":          {on(nil), "nil runtime", "NewSystem takes the one to run actors on"},
		"nil_pointer_runtime":  {on(noRuntime), "nil runtime", "NewSystem takes the one to run actors on"},
		"nil_shared_runtime":   {on(core.Shared(nil)), "nil runtime", "NewSystem takes the one to run actors on"},
		"shared_nil_pointer":   {on(core.Shared(noRuntime)), "nil runtime", "NewSystem takes the one to run actors on"},
		"nil_system_option":    {on(goroutine.New(), nil), "nil SystemOption", "such as WithGrace"},
		"on_nil_runtime":       {with(core.On(nil)), "nil runtime", "without On the actor is on its system's"},
		"on_nil_pointer":       {with(core.On(noRuntime)), "nil runtime", "On takes one"},
		"on_shared_nil":        {with(core.On(core.Shared(noRuntime))), "nil runtime", "On takes one"},
		"runtime_without_turn": {with(core.On(wakerless{})), "returned no Waker", "Attach returns one, or an error"},
		"nil_option":           {with(nil), "nil Option", "such as Named"},
		"empty_name":           {with(core.Named("")), `name ""`, "a name is not empty"},
		"name_like_a_urn":      {with(core.Named("urn:uuid:me")), `name "urn:uuid:me"`, "does not begin with urn:uuid:"},
		"inbox_of_0":           {with(core.Bounded(0, core.Wait)), "inbox of 0 messages", "the least is 1"},
		"inbox_of_minus_1":     {with(core.Bounded(-1, core.Refuse)), "inbox of -1 messages", "the least is 1"},
		"unknown_policy":       {with(core.Bounded(1, core.DropOldest+1)), "policy 4", "the policies are Wait, Refuse"},
		"negative_policy":      {with(core.Bounded(1, -1)), "policy -1", "the policies are Wait, Refuse"},
		"nil_inbox_factory":    {with(core.WithInbox[any](nil)), "nil function", "one that makes an Inbox"},
		"nil_inbox":            {with(core.WithInbox(func() core.Inbox[any] { return nil })), "returned nil", "a new Inbox each time"},
		"nil_pointer_inbox":    {with(core.WithInbox(func() core.Inbox[any] { return (*stack)(nil) })), "returned nil", "a new Inbox each time"},
		"nil_order":            {with(core.Priority[any](nil)), "nil function", "says whether a comes before b"},
		"order_of_another_M": {with(core.Priority(func(a, b int) bool { return a < b })),
			"messages of type int, and an actor that takes interface {}", "have to be the same"},
		"inbox_of_another_M": {with(core.WithInbox(func() core.Inbox[string] { return nil })),
			"messages of type string, and an actor that takes interface {}", "have to be the same"},
	}
	for name, c := range nonsense {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				err := c.spawn(sys)
				assert.ErrorIs(t, err, core.ErrInvalid)
				assert.ErrorContains(t, err, c.wrong)
				assert.ErrorContains(t, err, c.right)
				assert.Zero(t, sys.Stats().Spawned)
				_, err = core.Spawn(sys, &testkit.Probe{})
				assert.NoError(t, err, "the system is none the worse")
			})
		})
	}
}

// wakerless is a runtime that attaches actors and gives them a nil pointer.
type wakerless struct{}

type noWaker struct{}

func (*noWaker) Wake(core.Waker) {}

func (wakerless) Attach(core.Loop) (core.Waker, error) { return (*noWaker)(nil), nil }

// What is wrong with other arguments, and what would be right.
func TestNonsense(t *testing.T) {
	get := func(f core.Future[int]) error { _, err := f.Get(context.Background()); return err }
	var none context.Context
	got := value(t, []int{1})
	ref := func(sys *core.System) core.Ref[any] {
		ref, err := core.Spawn(sys, core.Func(func(context.Context, int) (any, error) { return nil, nil }))
		require.NoError(t, err)
		return ref.Any()
	}
	for name, c := range map[string]struct {
		use   func(sys *core.System) error
		wrong string
		right string
	}{
		"constructor_of_nil": {func(sys *core.System) error {
			_, err := core.SpawnNew(sys, func(core.Ref[any]) (*testkit.Probe, error) { return nil, nil })
			return err
		}, "the constructor returned a nil actor", "it returns one, or an error"},
		"nil_invoke": {func(sys *core.System) error {
			return ref(sys).Tell(context.Background(), core.Invoke(nil))
		}, "nil Invoke", "the function that the actor is to call"},
		"narrow": {func(sys *core.System) error {
			_, err := core.Narrow[string](ref(sys))
			return err
		}, "not string", "takes messages of type int"},
		"as": {func(*core.System) error {
			_, err := core.As[string](1, nil)
			return err
		}, "reply is int", "want string"},
		"reject": {func(*core.System) error { return new(core.Promise[int]).Reject(nil) },
			"Reject of a nil error", "Resolve completes without one"},
		"compute": {func(*core.System) error { return new(core.Promise[int]).Compute(nil) },
			"Compute of a nil function", "one that computes the value"},
		"map": {func(*core.System) error { return get(core.Map[[]int, int](got, nil)) },
			"nil function", "the one to apply to the value"},
		"filter": {func(*core.System) error {
			return get(core.Map(core.Filter(got, nil), func([]int) (int, error) { return 0, nil }))
		}, "nil function", "the one to apply to the value"},
		"reduce": {func(*core.System) error { return get(core.Reduce[int, int](got, 0, nil)) },
			"nil function", "the one to apply to the value"},
		"map_of_nil": {func(*core.System) error {
			return get(core.Map(nil, func(int) (int, error) { return 0, nil }))
		}, "nil Future", "Ask returns one"},
		"detach": {func(sys *core.System) error { return ref(sys).Tell(core.Detach(none), 1) },
			"nil context", "context.Background()"},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
				err := c.use(sys)
				assert.ErrorIs(t, err, core.ErrInvalid)
				assert.ErrorContains(t, err, c.wrong)
				assert.ErrorContains(t, err, c.right)
			})
		})
	}
}

// A name that is taken is refused with the name, and whose it is, in the
// error, whichever way the second actor is spawned; what it was sent has its
// outcome.
func TestNameTaken(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		first := (&testkit.Probe{}).Spawn(t, sys, core.Named("mine"))
		_, err := core.Spawn(sys, &testkit.Probe{}, core.Named("mine"))
		assert.ErrorIs(t, err, core.ErrNameTaken)
		assert.ErrorContains(t, err, "mine is the name of "+first.String())
		assert.ErrorContains(t, err, "give another one, or stop that actor first")
		var reply core.Future[any]
		_, err = core.SpawnNew(sys, func(self core.Ref[any]) (*testkit.Probe, error) {
			reply = self.Ask(ctx, "asked")
			return &testkit.Probe{}, nil
		}, core.Named("mine"))
		assert.ErrorIs(t, err, core.ErrNameTaken)
		_, err = reply.Get(ctx)
		assert.ErrorIs(t, err, core.ErrDead)
		found, ok := sys.Find("mine")
		assert.True(t, ok)
		checkSame(t, first, found)
		assert.Equal(t, 1, sys.Stats().Actors)
	})
}

// Spawn on a system that shuts down, or has, is ErrShutdown.
func TestSpawnAfterShutdown(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ref := (&testkit.Probe{}).Spawn(t, sys)
		held := testkit.Hold(t, ref)
		go func() { _ = sys.Shutdown(ctx) }()
		testkit.Wait(t, sys.Done(), "the shutdown")
		_, err := core.Spawn(sys, &testkit.Probe{}, core.Named("late"))
		assert.ErrorIs(t, err, core.ErrShutdown)
		assert.ErrorContains(t, err, "NewSystem makes another")
		held.Open()
		require.NoError(t, sys.Shutdown(ctx))
		_, err = core.Spawn(sys, &testkit.Probe{}, core.Named("late"))
		assert.ErrorIs(t, err, core.ErrShutdown)
		_, found := sys.Find("late")
		assert.False(t, found)
	})
}

// get is a message that declares its reply.
type get struct{ core.Returns[int] }

// verbs are all that take a context, with a live actor.
func verbs(sys *core.System, ref core.Ref[any]) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Tell":      func(ctx context.Context) error { return ref.Tell(ctx, "x") },
		"Ask":       func(ctx context.Context) error { _, err := ref.Ask(ctx, "x").Get(context.Background()); return err },
		"Call":      func(ctx context.Context) error { _, err := ref.Call(ctx, "x"); return err },
		"core_Call": func(ctx context.Context) error { _, err := core.Call(ctx, ref, get{}); return err },
		"core_Ask": func(ctx context.Context) error {
			_, err := core.Ask(ctx, ref, get{}).Get(context.Background())
			return err
		},
		"Invoke": func(ctx context.Context) error {
			_, err := ref.Call(ctx, core.Invoke(func(context.Context, any) (any, error) { return nil, nil }))
			return err
		},
		"Get":      func(ctx context.Context) error { _, err := new(core.Promise[int]).Future().Get(ctx); return err },
		"Detach":   func(ctx context.Context) error { return ref.Tell(core.Detach(ctx), "x") },
		"Stop":     func(ctx context.Context) error { _, err := ref.Stop(ctx); return err },
		"Shutdown": func(ctx context.Context) error { return sys.Shutdown(ctx) },
	}
}

// A nil context is ErrInvalid with every verb, and does nothing.
func TestNilContext(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		p := &testkit.Probe{}
		ref := p.Spawn(t, sys)
		all := verbs(sys, ref)
		all["Run"] = func(ctx context.Context) error { return sys.Run(ctx, time.Second) }
		for name, verb := range all {
			err := verb(nil)
			assert.ErrorIs(t, err, core.ErrInvalid, name)
			assert.ErrorContains(t, err, "nil context; context.Background() is", name)
		}
		_, err := ref.Call(testkit.Context(t), "after")
		assert.NoError(t, err)
		assert.Equal(t, []string{"start", "handle after"}, p.Trace.All())
	})
}

// A context that is done sends nothing and waits for nothing; Stop and
// Shutdown still make their request, see their own tests.
func TestContextIsDone(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		done, cancel := context.WithCancelCause(context.Background())
		cancel(errTest)
		p := &testkit.Probe{}
		ref := p.Spawn(t, sys)
		_, err := ref.Call(testkit.Context(t), "warm")
		require.NoError(t, err)
		for name, verb := range verbs(sys, ref) {
			if name == "Stop" || name == "Shutdown" {
				continue
			}
			err := verb(done)
			assert.ErrorIs(t, err, context.Canceled, name)
			assert.ErrorIs(t, err, errTest, "%s: the cause", name)
		}
		_, err = ref.Call(testkit.Context(t), "after")
		assert.NoError(t, err)
		assert.Equal(t, []string{"start", "handle warm", "handle after"}, p.Trace.All())
		value := new(core.Promise[int])
		require.NoError(t, value.Resolve(1))
		got, err := value.Future().Get(done)
		assert.NoError(t, err, "a value that is there wins over a context that is done")
		assert.Equal(t, 1, got)
	})
}

// The zero Ref is that of a dead actor, with every verb.
func TestEveryVerbOfTheZeroRef(t *testing.T) {
	ctx := testkit.Context(t)
	var ref core.Ref[any]
	assert.False(t, ref.Alive())
	assert.ErrorIs(t, ref.Tell(ctx, "x"), core.ErrDead)
	_, err := ref.Call(ctx, "x")
	assert.ErrorIs(t, err, core.ErrDead)
	_, err = ref.Ask(ctx, "x").Get(ctx)
	assert.ErrorIs(t, err, core.ErrDead)
	_, err = core.Call(ctx, ref, get{})
	assert.ErrorIs(t, err, core.ErrDead)
	checkStop(t, false)(ref.Stop(ctx))
	testkit.Wait(t, ref.Done(), "Done of the zero Ref")
	assert.ErrorIs(t, ref.Err(), core.ErrDead)
	called := false
	ref.OnDone(func(err error) { called = true; assert.ErrorIs(t, err, core.ErrDead) })
	assert.True(t, called)
	assert.Nil(t, ref.System())
	assert.Nil(t, ref.Type())
	assert.Empty(t, ref.Name())
	assert.Equal(t, "zero Ref", ref.String())
}

// A reply that nobody reads, and one whose asker has left, are no trouble.
func TestReplyThatNobodyReads(t *testing.T) {
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ctx := testkit.Context(t)
		ref := (&testkit.Probe{}).Spawn(t, sys)
		held := testkit.Hold(t, ref)
		for range 100 {
			ref.Ask(ctx, "unread")
			ref.Ask(ctx, fail(errTest))
		}
		gone, cancel := context.WithCancel(ctx)
		left := ref.Ask(gone, "left")
		cancel()
		_, err := left.Get(gone)
		assert.ErrorIs(t, err, context.Canceled)
		held.Open()
		got, err := left.Get(ctx)
		assert.NoError(t, err, "the message was not withdrawn")
		assert.Equal(t, "left", got)
	})
}

// A dead-letter hook may send: to others, and to the dead actor; what becomes
// a dead letter inside the hook is counted and does not come back to it.
func TestDeadLetterHookSends(t *testing.T) {
	testkit.Each(t, func(t *testing.T, rt testkit.Runtime) {
		ctx := testkit.Context(t)
		var sys *core.System
		var full, keeper core.Ref[any]
		calls := 0
		sys = testkit.System(t, rt, core.WithDeadLetters(func(d core.DeadLetter) {
			calls++
			assert.NoError(t, keeper.Tell(ctx, d.Msg))
			assert.ErrorIs(t, d.To.Tell(ctx, "again"), core.ErrDead)
			assert.NoError(t, full.Tell(ctx, "dropped inside the hook"))
		}))
		p := &testkit.Probe{}
		keeper = p.Spawn(t, sys)
		full = (&testkit.Probe{}).Spawn(t, sys, core.Bounded(1, core.DropNewest))
		held := testkit.Hold(t, full)
		require.NoError(t, full.Tell(ctx, "fills it"))
		ref := (&testkit.Probe{}).Spawn(t, sys)
		dying := testkit.Hold(t, ref)
		ref.AskStop()
		require.NoError(t, ref.Tell(ctx, "letter 1"))
		require.NoError(t, ref.Tell(ctx, "letter 2"))
		dying.Open()
		testkit.Wait(t, ref.Done(), "the actor's end")
		assert.Equal(t, 2, calls)
		assert.EqualValues(t, 4, sys.Stats().DeadLetters)
		held.Open()
		_, err := keeper.Call(ctx, "last")
		assert.NoError(t, err)
		assert.Equal(t, []string{"start", "handle letter 1", "handle letter 2", "handle last"}, p.Trace.All())
	})
}

// Self for messages that the actor does not take panics, in that actor only;
// outside actors it is the zero Ref.
func TestSelfOfAnotherM(t *testing.T) {
	checkSame(t, core.Ref[int]{}, core.Self[int](context.Background()))
	assert.Nil(t, core.SystemOf(context.Background()))
	testkit.EachSystem(t, func(t *testing.T, sys *core.System) {
		ref := (&testkit.Probe{}).Spawn(t, sys)
		_, err := ref.Call(testkit.Context(t), testkit.Do(func(ctx context.Context) (any, error) {
			core.Self[int](ctx)
			return nil, nil
		}))
		assert.ErrorIs(t, err, core.ErrInvalid)
		_, err = core.Narrow[int](ref)
		assert.ErrorIs(t, err, core.ErrInvalid)
	})
}
