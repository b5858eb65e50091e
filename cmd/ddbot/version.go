package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version and commit are set at build time with -ldflags "-X main.version=… -X main.commit=…". Without it the commit is what
// Go has written into the binary: nothing with `go run`, or where there was no .git to ask.
var (
	version = "development"
	commit  = ""
)

// commitOf names the commit that the program was built from; "+changes" says that it is not all of it.
func commitOf(info *debug.BuildInfo, ok bool) string {
	if commit != "" {
		return commit
	}
	if !ok {
		return "unknown"
	}
	found, changed := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			found = s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+changes"
		}
	}
	if found == "unknown" {
		// A module fetched by `go install …@main` carries its commit in the version.
		if i := strings.LastIndexByte(info.Main.Version, '-'); i >= 0 && strings.Count(info.Main.Version, "-") == 2 {
			found = info.Main.Version[i+1:]
		}
	}
	return found + changed
}

func buildCommit() string { return commitOf(debug.ReadBuildInfo()) }

// fullVersion is the version as people read it.
func fullVersion() string { return version + " (commit " + buildCommit() + ")" }

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version and the commit", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "ddbot", fullVersion())
			return err
		},
	}
}
