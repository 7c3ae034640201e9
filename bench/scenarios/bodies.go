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

// An onSystem is a Body of this framework.
type onSystem func(r *harness.Run, sys *core.System) harness.Job

// onSystems is onTroupe with systems that newSystem makes.
func onSystems(newSystem func(core.Runtime) *core.System, prepare onSystem, names ...string) bodies {
	if len(names) == 0 {
		names = []string{"troupe/goroutine", "troupe/pool"}
	}
	made := bodies{}
	for _, name := range names {
		made[name] = func(r *harness.Run) harness.Job {
			sys := newSystem(subjects.Named(name).Runtime())
			r.Cleanup(func() { endSystem(r, sys) })
			return prepare(r, sys)
		}
	}
	return made
}

// endSystem checks that every message had its outcome, and was no dead letter.
func endSystem(r *harness.Run, sys *core.System) {
	r.CheckErr("shutdown", sys.Shutdown(context.Background()))
	st := sys.Stats()
	r.Check("messages handled", int(st.Handled), int(st.Accepted))
	r.Check("dead letters", int(st.DeadLetters), 0)
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
		r.Cleanup(stage.Close)
		return prepare(r, stage)
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
