package scenarios

import (
	"context"
	"maps"

	"github.com/troupe-go/troupe/bench/harness"
	"github.com/troupe-go/troupe/bench/subjects"
	"github.com/troupe-go/troupe/core"
)

type bodies = map[string]harness.Body

// with joins bodies.
func with(parts ...bodies) bodies {
	joined := bodies{}
	for _, part := range parts {
		maps.Copy(joined, part)
	}
	return joined
}

// onTroupe makes bodies of this framework: on the runtimes that any number of
// actors may have, or on those that are named.
func onTroupe(prepare onSystem, names ...string) bodies {
	return onSystems(subjects.NewIndexedSystem, prepare, names...)
}

// An onSystem is a Body of this framework. Its count is of the messages that the
// handlers have seen, as they count them, and is called after the shutdown.
type onSystem func(r *harness.Run, sys *core.System) (job harness.Job, count func() int)

// onSystems is onTroupe with systems that newSystem makes.
func onSystems(newSystem func(core.Runtime) *core.System, prepare onSystem, names ...string) bodies {
	if len(names) == 0 {
		names = []string{"troupe/goroutine", "troupe/pool"}
	}
	made := bodies{}
	for _, name := range names {
		made[name] = func(r *harness.Run) harness.Job {
			sys := newSystem(subjects.Named(name).Runtime())
			job, count := prepare(r, sys)
			r.Cleanup(func() { endSystem(r, sys, count) })
			return job
		}
	}
	return made
}

// endSystem checks that nothing is left, and that the handlers have seen what
// the system has accepted. What it says it has handled would not do: that is
// what it has accepted less what it knows of, so a lost message is in it.
func endSystem(r *harness.Run, sys *core.System, count func() int) {
	r.CheckErr("shutdown", sys.Shutdown(context.Background()))
	st := sys.Stats()
	r.Check("dead letters", int(st.DeadLetters), 0)
	r.Check("messages that wait", int(st.Waiting), 0)
	r.Check("actors that have not ended", st.Actors, 0)
	r.Check("stray turns", int(st.StrayTurns), 0)
	r.Check("messages that the handlers have seen", count(), int(st.Accepted))
}

// onPeers makes bodies of the peers.
func onPeers(prepare func(r *harness.Run, stage subjects.Stage[int]) harness.Job) bodies {
	return onPeersOf(func(s subjects.Subject) subjects.Stage[int] { return s.Ints() }, prepare)
}

// onPeersOf is onPeers with a Stage of other messages.
func onPeersOf[M any](
	open func(subjects.Subject) subjects.Stage[M],
	prepare func(r *harness.Run, stage subjects.Stage[M]) harness.Job,
) bodies {
	return onEachPeer(func(r *harness.Run, peer subjects.Subject) harness.Job {
		stage := open(peer)
		job := prepare(r, stage)
		r.Cleanup(stage.Close)
		return job
	})
}

// onEachPeer makes bodies of the peers that differ by more than the Stage.
func onEachPeer(prepare func(r *harness.Run, peer subjects.Subject) harness.Job) bodies {
	made := bodies{}
	for _, peer := range subjects.Peers() {
		made[peer.Name] = func(r *harness.Run) harness.Job { return prepare(r, peer) }
	}
	return made
}

// An onStage is a Body of any subject that has a Stage.
type onStage func(r *harness.Run, stage subjects.Stage[subjects.Msg]) harness.Job

// onStages makes bodies of every subject that has a Stage and can have so many
// actors: for scenarios that are written once.
func onStages(actors int, prepare onStage) bodies {
	made := bodies{}
	for _, s := range subjects.Staged() {
		if s.Name == "troupe/locked" && actors > mostThreads {
			continue
		}
		made[s.Name] = func(r *harness.Run) harness.Job {
			stage := s.Msgs()
			r.Cleanup(stage.Close)
			return prepare(r, stage)
		}
	}
	return made
}

// closeAll ends the goroutines that receive from the channels.
func closeAll(channels []chan int) {
	for _, c := range channels {
		close(c)
	}
}

// closeBoxes ends those of the boxes.
func closeBoxes(boxes []*subjects.Slicebox[int]) {
	for _, b := range boxes {
		b.Close()
	}
}
