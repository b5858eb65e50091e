// Command published prints the hashes of the sentences of reports, a line for each report. See hack/published.sh.
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/report"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "published:", err)
		os.Exit(1)
	}
}

func run(files []string) error {
	var rows []string
	for _, f := range files {
		data, err := os.ReadFile(f) //nolint:gosec // the caller names it
		if err != nil {
			return err
		}
		d, err := report.Read(f, string(data))
		if errors.Is(err, report.ErrNoReport) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		rows = append(rows, report.Row(d))
	}
	slices.Sort(rows)
	_, err := fmt.Println(strings.Join(rows, "\n"))
	return err
}
