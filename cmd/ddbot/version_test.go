package main

import (
	"runtime/debug"
	"testing"
)

func TestCommitOf(t *testing.T) {
	setting := func(k, v string) debug.BuildSetting { return debug.BuildSetting{Key: k, Value: v} }
	for _, c := range []struct {
		name string
		info *debug.BuildInfo
		want string
	}{
		{"go run", &debug.BuildInfo{}, "unknown"},
		{"go build", &debug.BuildInfo{Settings: []debug.BuildSetting{setting("vcs.revision", "0123456789abcdef0123"), setting("vcs.modified", "false")}}, "0123456789ab"},
		{"with changes", &debug.BuildInfo{Settings: []debug.BuildSetting{setting("vcs.revision", "0123456789abcdef0123"), setting("vcs.modified", "true")}}, "0123456789ab+changes"},
		{"go install", &debug.BuildInfo{Main: debug.Module{Version: "v0.0.0-20261127235959-abcdef012345"}}, "abcdef012345"},
		{"go install, between releases", &debug.BuildInfo{Main: debug.Module{Version: "v1.2.4-0.20261127235959-abcdef012345"}}, "abcdef012345"},
		{"a candidate", &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3-rc-one-two"}}, "unknown"},
		{"a release", &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, "unknown"},
	} {
		if got := commitOf(c.info, true); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := commitOf(nil, false); got != "unknown" {
		t.Errorf("without anything: %s", got)
	}
}

func TestVersionOf(t *testing.T) {
	for module, want := range map[string]string{
		"": "development", "(devel)": "development", "v0.0.0-20261127235959-abcdef012345+dirty": "development",
		"v1.2.3": "v1.2.3", "v1.2.4-0.20261127235959-abcdef012345": "v1.2.4-0.20261127235959-abcdef012345",
	} {
		if got := versionOf(&debug.BuildInfo{Main: debug.Module{Version: module}}, true); got != want {
			t.Errorf("%q: %s, want %s", module, got, want)
		}
	}
	if got := versionOf(nil, false); got != "development" {
		t.Errorf("without anything: %s", got)
	}
}
