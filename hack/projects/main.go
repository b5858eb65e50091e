// Command projects prints name and owner of each project of the landscape.yml on its standard input. See hack/projects.sh.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/landscape"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "projects:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	data, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	entries, err := landscape.Read(data)
	if err != nil {
		return err
	}
	var rows []string
	for _, e := range entries {
		owner := e.Org
		if owner == "" && len(e.Repos) > 0 {
			owner, _, _ = strings.Cut(e.Repos[0], "/")
		}
		rows = append(rows, e.Name+"\t"+owner)
	}
	slices.Sort(rows)
	_, err = fmt.Fprintln(out, strings.Join(slices.Compact(rows), "\n"))
	return err
}
