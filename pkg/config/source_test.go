package config_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"

	"github.com/ddbot/ddbot/pkg/config"
)

// deadline is generous: the machine may be busy. The promise is 2 s.
const deadline = 20 * time.Second

type watched struct {
	t   *testing.T
	src *config.Source
	log *test.Hook

	mu      sync.Mutex
	reloads []error
}

func watch(t *testing.T, path string) *watched {
	t.Helper()
	log, hook := test.NewNullLogger()
	w := &watched{t: t, log: hook}
	src, err := config.NewSource(path, fakes(), config.SourceOptions{Log: log, Now: time.Now, OnReload: func(err error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.reloads = append(w.reloads, err)
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.src = src
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { src.Watch(ctx) })
	t.Cleanup(func() { cancel(); done.Wait() })
	return w
}

// days gives an option by which the tests tell versions of the file apart.
func (w *watched) days() int {
	s, _ := w.src.Current().For(ref("a/b"))
	return s.Options["lifecycle"].(*lifecycleOptions).Days
}

func (w *watched) await(what string, ok func() bool) {
	w.t.Helper()
	start := time.Now()
	for !ok() {
		if time.Since(start) > deadline {
			w.t.Fatalf("%s: not after %v; days %d, error %v", what, deadline, w.days(), w.src.Err())
		}
		time.Sleep(5 * time.Millisecond)
	}
	w.t.Logf("%s: after %v", what, time.Since(start).Round(time.Millisecond))
}

func days(n int) string { return fmt.Sprintf("defaults: {plugins: {lifecycle: {days: %d}}}\n", n) }

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestChangesAreTaken(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "ddbot.yaml")
	write(t, path, days(1))
	w := watch(t, path)
	first := w.src.LoadedAt()
	if w.days() != 1 || w.src.Err() != nil || first.IsZero() {
		t.Fatalf("at the start: days %d, error %v, loaded %v", w.days(), w.src.Err(), first)
	}

	write(t, path, days(2))
	w.await("written in place", func() bool { return w.days() == 2 })
	if !w.src.LoadedAt().After(first) {
		t.Error("LoadedAt has not moved")
	}

	write(t, filepath.Join(dir, "new"), days(3))
	must(t, os.Rename(filepath.Join(dir, "new"), path))
	w.await("renamed over", func() bool { return w.days() == 3 })

	must(t, os.Remove(path))
	w.await("removed: an error, and the old one stays", func() bool { return w.src.Err() != nil })
	if w.days() != 3 {
		t.Errorf("days %d after the file was removed", w.days())
	}
	write(t, path, days(4))
	w.await("there again", func() bool { return w.days() == 4 && w.src.Err() == nil })
}

func TestBrokenFileKeepsTheOldOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ddbot.yaml")
	write(t, path, days(1))
	w := watch(t, path)
	loaded := w.src.LoadedAt()

	write(t, path, "defaults: {plugin: {}}\nonly: x\n")
	w.await("broken", func() bool { return w.src.Err() != nil })
	if w.days() != 1 || w.src.LoadedAt() != loaded {
		t.Errorf("days %d, loaded at %v; the old configuration did not stay", w.days(), w.src.LoadedAt())
	}
	var lines []string
	for _, e := range w.log.AllEntries() {
		if e.Level == logrus.ErrorLevel {
			lines = append(lines, fmt.Sprint(e.Data[logrus.ErrorKey]))
		}
	}
	if len(lines) != 2 || !strings.HasPrefix(lines[0], path+":1:12: unknown key `plugin`") || !strings.HasPrefix(lines[1], path+":2:1: `only`") {
		t.Errorf("the log has the problems %q", lines)
	}

	write(t, path, "")
	w.await("empty is broken too", func() bool { return strings.Contains(fmt.Sprint(w.src.Err()), "empty") })

	write(t, path, days(1))
	w.await("as it was", func() bool { return w.src.Err() == nil })
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.reloads) != 3 || w.reloads[0] == nil || w.reloads[1] == nil || w.reloads[2] != nil {
		t.Errorf("OnReload was told %v", w.reloads)
	}
}

// A ConfigMap's file is a link to ..data/ddbot.yaml, and ..data a link that is replaced.
func TestConfigMap(t *testing.T) {
	dir := t.TempDir()
	swap := func(version string, n int) {
		must(t, os.Mkdir(filepath.Join(dir, version), 0o700))
		write(t, filepath.Join(dir, version, "ddbot.yaml"), days(n))
		must(t, os.Symlink(version, filepath.Join(dir, "..tmp")))
		must(t, os.Rename(filepath.Join(dir, "..tmp"), filepath.Join(dir, "..data")))
	}
	swap("..v1", 1)
	path := filepath.Join(dir, "ddbot.yaml")
	must(t, os.Symlink(filepath.Join("..data", "ddbot.yaml"), path))
	w := watch(t, path)
	swap("..v2", 2)
	w.await("swapped", func() bool { return w.days() == 2 })
	must(t, os.RemoveAll(filepath.Join(dir, "..v1")))
	swap("..v3", 3)
	w.await("swapped again", func() bool { return w.days() == 3 })
}

// The file is found by its name, whatever happens to its folder.
func TestReplacedDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "etc")
	path := filepath.Join(dir, "ddbot.yaml")
	must(t, os.Mkdir(dir, 0o700))
	write(t, path, days(1))
	w := watch(t, path)
	must(t, os.Rename(dir, dir+".old"))
	must(t, os.Mkdir(dir, 0o700))
	write(t, path, days(2))
	w.await("in a new directory", func() bool { return w.days() == 2 })
	write(t, path, days(3))
	w.await("changed there", func() bool { return w.days() == 3 })
}

// A file that is being written is not taken, even where its beginning is valid by itself. On a busy machine the writer
// may pause for so long that it looks like the end, so it may try again.
func TestHalfWrittenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ddbot.yaml")
	write(t, path, days(1))
	w := watch(t, path)
	for n := 2; n < 8; n++ {
		f, err := os.Create(path)
		must(t, err)
		for i := range 20 {
			_, err := fmt.Fprintf(f, "# %d\n", i)
			must(t, err)
			time.Sleep(20 * time.Millisecond)
		}
		_, err = f.WriteString(days(n))
		must(t, err)
		must(t, f.Close())
		w.await("complete", func() bool { return w.days() == n })
		w.mu.Lock()
		taken := len(w.reloads)
		w.reloads = nil
		w.mu.Unlock()
		if taken == 1 {
			return
		}
	}
	t.Error("half-written files were taken")
}

func TestReadersDuringSwaps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ddbot.yaml")
	write(t, path, days(1))
	w := watch(t, path)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				cfg := w.src.Current()
				a, _ := cfg.For(ref("a/b"))
				b, errs := cfg.ForWith(ref("x/y"), []byte("bots: [a]"))
				if a.Options["lifecycle"].(*lifecycleOptions).Days != b.Options["lifecycle"].(*lifecycleOptions).Days || len(errs) != 1 {
					t.Error("half a configuration")
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	for n := 2; n < 5; n++ {
		write(t, path, days(n))
		w.await("swap", func() bool { return w.days() == n })
	}
	close(stop)
	readers.Wait()
}

func TestFirstRead(t *testing.T) {
	log, _ := test.NewNullLogger()
	opts := config.SourceOptions{Log: log, Now: time.Now}
	dir := t.TempDir()
	if _, err := config.NewSource(filepath.Join(dir, "none.yaml"), fakes(), opts); err == nil {
		t.Error("a missing file was taken")
	}
	path := filepath.Join(dir, "broken.yaml")
	write(t, path, "x: 1")
	if _, err := config.NewSource(path, fakes(), opts); err == nil || !strings.HasPrefix(err.Error(), path+":1:1: ") {
		t.Errorf("a broken file gave %v", err)
	}
	src, err := config.NewSource("", fakes(), opts)
	if err != nil || src.Err() != nil {
		t.Fatal(err, src.Err())
	}
	src.Watch(context.Background()) // has nothing to watch
	if s, ok := src.Current().For(ref("a/b")); !ok || names(s) != "lifecycle label milestone" {
		t.Error("without a file not everything is on")
	}
}
