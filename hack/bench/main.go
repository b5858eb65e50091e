// Command bench measures ddbot as a whole process and prints the table of hack/bench.md: everything in one run on one
// machine, in rounds that alternate between ddbot, a bare net/http server that checks the HMAC and answers 202 without storing, and,
// where its binary is given, Prow's hook.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

const secret = "bench"

func main() {
	log.SetFlags(0)
	if len(os.Args) >= 2 && os.Args[1] == "bare" {
		bare(os.Args[2:]...)
		return
	}
	b := &bench{}
	flag.StringVar(&b.binary, "ddbot", "", "the ddbot binary")
	flag.StringVar(&b.other, "other", "", "another ddbot binary to measure beside it, in the same rounds")
	flag.StringVar(&b.hook, "prow-hook", os.Getenv("PROW_HOOK"), "the binary of Prow's hook to measure beside it")
	flag.StringVar(&b.postgres, "postgres", "", "postgres:// URL of a server on which databases may be created; skipped without")
	flag.IntVar(&b.rounds, "rounds", 3, "rounds of each measurement")
	only := flag.String("only", "", "parts to measure, with commas: "+strings.Join(names(), ", "))
	flag.Parse()
	if b.binary == "" {
		log.Fatal("bench: give the binary with -ddbot; hack/bench.sh does")
	}
	fmt.Printf("Machine: %d cores, %s. %s. Load before: %s\n", runtime.NumCPU(), cpu(), runtime.Version(), loadAverage())
	for _, p := range parts {
		if *only == "" || slices.Contains(strings.Split(*only, ","), p.name) {
			p.run(b)
		}
	}
}

// parts are what can be measured.
var parts = []struct {
	name string
	run  func(*bench)
}{
	{"receiver", (*bench).receiver},
	{"events", (*bench).events},
	{"idle", (*bench).idle},
	{"disk", (*bench).disk},
	{"backlog", (*bench).backlog},
	{"growth", (*bench).growth},
	{"replicas", (*bench).replicas},
}

func names() (out []string) {
	for _, p := range parts {
		out = append(out, p.name)
	}
	return out
}

type bench struct {
	binary, other, hook, postgres string
	rounds                        int
}

func cpu() string {
	data, _ := os.ReadFile("/proc/cpuinfo")
	for l := range strings.Lines(string(data)) {
		if name, ok := strings.CutPrefix(l, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return runtime.GOARCH
}

func loadAverage() string {
	data, _ := os.ReadFile("/proc/loadavg")
	return strings.Join(strings.Fields(string(data))[:3], " ")
}

func head(columns ...string) {
	fmt.Printf("\n| %s |\n|%s\n", strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
}

func row(columns ...string) { fmt.Printf("| %s |\n", strings.Join(columns, " | ")) }

// series are the values of some rounds.
type series []float64

func (s series) median() float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[len(sorted)/2]
}

// text is median and range.
func (s series) text(format string) string {
	if len(s) == 0 {
		return "–"
	}
	return fmt.Sprintf(format+" ("+format+"–"+format+")", s.median(), slices.Min(s), slices.Max(s))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
