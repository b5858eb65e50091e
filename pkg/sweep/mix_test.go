package sweep_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// mix is a made-up repository: 2 % due stale, half of them bumped by a bot; 1 % due close; 1 % stale
// and active since; 5 % frozen; the rest was busy some weeks ago.
type mix struct {
	*rig
	refs []issue.Ref
	want map[issue.Ref]string
}

func newMix(t testing.TB, n int) *mix {
	m := &mix{rig: newRig(t), want: map[issue.Ref]string{}}
	m.sweeper.Pacer.Limits = sweep.Limits{PerSecond: 1}
	for range n {
		m.refs = append(m.refs, m.issue())
	}
	group := func(from, percent int) []issue.Ref { return m.refs[n*from/100 : n*(from+percent)/100] }
	stales, closes, woken, frozen := group(0, 2), group(2, 1), group(3, 1), group(4, 5)
	m.after(60 * day)
	for _, ref := range m.refs[n*9/100:] {
		m.after(time.Second)
		m.sim.Comment(ref, "bob", "On it.")
	}
	for _, g := range []struct {
		refs  []issue.Ref
		label string
	}{{closes, stale.Rotten}, {woken, stale.Stale}, {frozen, stale.Frozen}} {
		for _, ref := range g.refs {
			m.after(time.Second)
			m.label(ref, bot, g.label)
			m.want[ref] = map[string]string{stale.Rotten: "rotten closed", stale.Frozen: "frozen"}[g.label]
		}
	}
	for _, ref := range stales {
		m.want[ref] = "stale"
	}
	return m
}

// later lets the time come at which the mix is due.
func (m *mix) later() {
	m.after(29 * day)
	n := len(m.refs)
	for _, ref := range m.refs[n*3/100 : n*4/100] {
		m.after(time.Second)
		m.sim.Comment(ref, "alice", "Still wanted.")
	}
	for _, ref := range m.refs[:n/100] {
		m.after(time.Second)
		m.sim.Comment(ref, "renovate[bot]", "Rebased.")
	}
	m.after(2 * day)
}

// TestMix prints the table of the benchmark: no wrong action, few calls.
func TestMix(t *testing.T) {
	sizes := []int{100}
	if !testing.Short() {
		sizes = append(sizes, 1000, 5000)
	}
	for _, n := range sizes {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			m := newMix(t, n)
			m.calls()
			first := measure(func() { m.sweep() })
			sync := m.calls()
			m.later()
			acting := measure(func() { m.sweep() })
			act := m.calls()
			m.check("after the sweep")
			m.after(time.Hour)
			m.sweep()
			settle := m.calls()
			m.after(time.Hour)
			idling := measure(func() { m.sweep() })
			idle := m.calls()
			m.check("after the idle sweep")
			t.Logf("N=%d: first %d reads %v; sweep %d reads %d writes %v; next %d reads %d writes; idle %d reads + %d of 304 %v",
				n, sync.reads, first, act.reads, act.writes, acting, settle.reads, settle.writes, idle.reads, idle.unchanged, idling)
			due := n*2/100 + n/100
			if sync.writes != 0 || act.writes != due+n/100+2 || // the label, or the close, goes with the notice, but for the first of each
				settle.writes+idle.writes != 0 {
				t.Errorf("writes %d, %d, %d, %d", sync.writes, act.writes, settle.writes, idle.writes)
			}
			if act.reads+act.unchanged > 6 || idle.reads != 0 || idle.unchanged != 1 {
				t.Errorf("reads %+v, %+v", act, idle)
			}
		})
	}
}

func (m *mix) check(when string) {
	m.Helper()
	wrong := 0
	for _, ref := range m.refs {
		if got := m.stage(ref); got != m.want[ref] {
			if wrong++; wrong < 5 {
				m.Errorf("%s: %v is %q, want %q", when, ref, got, m.want[ref])
			}
		}
	}
	if wrong > 0 {
		m.Errorf("%s: %d wrong of %d", when, wrong, len(m.refs))
	}
}

// measure gives the time and what was allocated, of the bot and the simulator together.
func measure(f func()) string {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	f()
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return fmt.Sprintf("%v %d MB allocated", took.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20)
}
