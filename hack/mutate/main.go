// Command mutate makes small changes in the code, one at a time, and sees whether a test notices. What nobody notices is named:
// it needs a test, or makes no difference. A change is laid over the tree by `go test -overlay`: no file of the tree is touched.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// also are the tests of other packages that hold a package to its work. They run for what its own tests do not notice.
var also = map[string][]string{
	"decide":    {"./plugins/label", "./plugins/lifecycle", "./plugins/dd"},
	"plan":      {"./pkg/decide", "./plugins/label", "./pkg/scripttest"},
	"engine":    {"./plugins/label", "./pkg/scripttest"},
	"checklist": {"./pkg/plan", "./plugins/dd"},
	"command":   {"./pkg/decide", "./plugins/dd"},
	"store":     {"./pkg/engine", "./pkg/worker"},
}

// tally is what became of a package's mutants.
type tally struct {
	killed, hung, other int // by its own tests; by their time-out; by the tests of others
	survived            []mutant
	unbuilt             int // did not compile, and do not count
}

func (t tally) all() int { return t.killed + t.hung + t.other + len(t.survived) }

func (t tally) score() float64 {
	return 100 * float64(t.all()-len(t.survived)) / float64(max(t.all(), 1))
}

func main() {
	n := flag.Int("n", 40, "mutants of each package")
	seed := flag.Uint64("seed", 1, "which ones")
	least := flag.Float64("least", 0, "fail if a package kills fewer than so many per cent")
	own := flag.Bool("own", false, "run the package's own tests only")
	timeout := flag.Duration("timeout", 90*time.Second, "of the tests of one package")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), "usage: hack/mutate.sh [flags] [PACKAGE…]\n\nPACKAGE is a folder of pkg; without one: decide plan engine checklist command store.\n"+
			"  hack/mutate.sh -n 10 -seed 7 plan engine\n\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	names := flag.Args()
	if len(names) == 0 {
		names = []string{"decide", "plan", "engine", "checklist", "command", "store"}
	}
	dir, err := os.MkdirTemp("", "mutate")
	if err == nil {
		err = run(names, *n, *seed, *least, *own, &trial{dir, *timeout})
		err = errors.Join(err, os.RemoveAll(dir))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(names []string, n int, seed uint64, least float64, own bool, t *trial) error {
	totals := map[string]tally{}
	for _, name := range names {
		result, err := t.pkg(name, n, seed, own)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		totals[name] = result
	}
	fmt.Printf("seed %d, %d of each\n\n| package | mutants | by its own tests | by time-out | by others' tests | survived | killed |\n|---|---|---|---|---|---|---|\n", seed, n)
	low := []string{}
	for _, name := range names {
		r := totals[name]
		fmt.Printf("| %s | %d | %d | %d | %d | %d | %.0f %% |\n", name, r.all(), r.killed, r.hung, r.other, len(r.survived), r.score())
		if r.score() < least {
			low = append(low, name)
		}
	}
	for _, name := range names {
		for _, m := range totals[name].survived {
			fmt.Printf("\nsurvived: %s:%d: %s", m.file, m.line, m.what)
		}
	}
	fmt.Println()
	if len(low) > 0 {
		return fmt.Errorf("fewer than %.0f %% are killed of %s", least, strings.Join(low, ", "))
	}
	return nil
}

// trial tries mutants.
type trial struct {
	dir     string
	timeout time.Duration
}

// pkg tries a sample of a package's mutants. The same seed gives the same ones, as long as the code is the same.
func (t *trial) pkg(name string, n int, seed uint64, own bool) (r tally, err error) {
	files, err := filepath.Glob(filepath.Join("pkg", name, "*.go"))
	var all []mutant
	for _, f := range files {
		src, readErr := os.ReadFile(f)
		if strings.HasSuffix(f, "_test.go") || readErr != nil {
			err = errors.Join(err, readErr)
			continue
		}
		ms, parseErr := mutantsOf(f, src)
		err = errors.Join(err, parseErr)
		all = append(all, ms...)
	}
	if err != nil || len(all) == 0 {
		return r, cmp.Or(err, errors.New("there is nothing to change"))
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	rand.New(rand.NewPCG(seed, h.Sum64())).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, m := range all {
		if r.all() == n {
			break
		}
		err := t.try(name, m, own, &r)
		if err != nil {
			return r, err
		}
		fmt.Fprintf(os.Stderr, "\r%s: %d of %d, %d survived, %d did not compile ", name, r.all(), min(n, len(all)), len(r.survived), r.unbuilt)
	}
	fmt.Fprintln(os.Stderr)
	slices.SortFunc(r.survived, func(a, b mutant) int { return cmp.Or(strings.Compare(a.file, b.file), a.line-b.line) })
	return r, nil
}

// What came of running tests.
const (
	passed  = "passed"
	failed  = "failed"
	hung    = "hung"
	unbuilt = "unbuilt"
)

func (t *trial) try(name string, m mutant, own bool, r *tally) error {
	src, err := os.ReadFile(m.file)
	if err != nil {
		return err
	}
	changed := slices.Concat(src[:m.start], []byte(m.text), src[m.end:])
	file := filepath.Join(t.dir, "mutant.go")
	abs, err := filepath.Abs(m.file)
	if err != nil {
		return err
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {abs: file}})
	if err == nil {
		err = errors.Join(os.WriteFile(file, changed, 0o600), //nolint:gosec // in a folder of our own
			os.WriteFile(filepath.Join(t.dir, "overlay.json"), overlay, 0o600))
	}
	if err != nil {
		return err
	}
	switch t.test("./pkg/" + name) {
	case unbuilt:
		r.unbuilt++
		return nil
	case failed:
		r.killed++
		return nil
	case hung:
		r.hung++
		return nil
	}
	if !own {
		for _, other := range also[name] {
			if t.test(other) != passed {
				r.other++
				return nil
			}
		}
	}
	r.survived = append(r.survived, m)
	fmt.Fprintf(os.Stderr, "\rsurvived: %s:%d: %s\n", m.file, m.line, m.what)
	return nil
}

// test runs the tests of a package on the changed tree.
func (t *trial) test(pkg string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 2*t.timeout) // compiling included
	defer cancel()
	out, err := exec.CommandContext(ctx, "go", "test", //nolint:gosec // packages that this program names
		"-short", "-failfast", "-vet=off", "-count=1", "-timeout", t.timeout.String(),
		"-overlay", filepath.Join(t.dir, "overlay.json"), pkg).CombinedOutput()
	text := string(out)
	switch {
	case err == nil:
		return passed
	case strings.Contains(text, "[build failed]"), strings.Contains(text, "[setup failed]"):
		return unbuilt
	case ctx.Err() != nil, strings.Contains(text, "panic: test timed out"):
		return hung
	}
	return failed
}
