package main

import (
	"fmt"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version and commit are set at build time with -ldflags "-X main.version=… -X main.commit=…" (hack/build.sh). Without it they are
// what Go has written into the binary: nothing with `go run`, or where there was no .git to ask.
var (
	version = ""
	commit  = ""
)

// development is the version of what is no release.
const development = "development"

// versionOf names the release. `go install …@v1.2.3` builds one, too: then the module has the version.
func versionOf(info *debug.BuildInfo, ok bool) string {
	switch {
	case version != "":
		return version
	case !ok || info.Main.Version == "" || info.Main.Version == "(devel)" || strings.HasPrefix(info.Main.Version, "v0.0.0-"):
		return development
	}
	return info.Main.Version
}

func buildVersion() string { return versionOf(debug.ReadBuildInfo()) }

// rePseudo finds the commit in the version of a module that was fetched by `go install …@main`.
var rePseudo = regexp.MustCompile(`[-.]\d{14}-([0-9a-f]{12})(\+.*)?$`)

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
	if m := rePseudo.FindStringSubmatch(info.Main.Version); found == "unknown" && m != nil {
		found = m[1]
	}
	return found + changed
}

func buildCommit() string { return commitOf(debug.ReadBuildInfo()) }

// fullVersion is the version as people read it. Of a release that Go fetched as a module, nothing else is known.
func fullVersion() string {
	v, c := buildVersion(), buildCommit()
	if c == "unknown" && v != development {
		return v
	}
	return v + " (commit " + c + ")"
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version and the commit", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "ddbot", fullVersion())
			return err
		},
	}
}
