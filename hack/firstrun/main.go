// Firstrun reads an action graph of the go command (go build -debug-actiongraph=FILE) and sums up CPU seconds by where code
// comes from.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

type action struct {
	Mode            string
	Package         string
	CmdUser, CmdSys time.Duration
}

func main() {
	var actions []action
	err := json.NewDecoder(os.Stdin).Decode(&actions)
	if err != nil {
		fmt.Fprintln(os.Stderr, "firstrun:", err)
		os.Exit(1)
	}
	sums := map[string]time.Duration{}
	for _, a := range actions {
		sums[origin(a)] += a.CmdUser + a.CmdSys
	}
	var names []string
	for name := range sums {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return int(sums[b] - sums[a]) })
	for _, name := range names[:min(len(names), 14)] {
		fmt.Printf("%7.1f s  %s\n", sums[name].Seconds(), name)
	}
}

// origin is a module as far as its path tells: host, owner and name, or the host and one name for hosts without owners.
func origin(a action) string {
	parts := strings.Split(a.Package, "/")
	switch {
	case a.Mode == "link":
		return "linking"
	case !strings.Contains(parts[0], "."):
		return "standard library"
	case parts[0] == "github.com":
		return strings.Join(parts[:min(3, len(parts))], "/")
	}
	return strings.Join(parts[:min(2, len(parts))], "/")
}
