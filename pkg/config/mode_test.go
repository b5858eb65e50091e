package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// TestMode: beside Prow its commands are left to it, unless some layer says otherwise; options alone say so, too.
func TestMode(t *testing.T) {
	all := []plugin.Plugin{bare("dd"), bare("guard"), bare("label"), bare("assign"), lifecycle{"lifecycle"}}
	for _, c := range []struct{ name, text, repo, want string }{
		{"by default", "{}", "acme/toc", "server [dd guard] [] [label assign lifecycle]"},
		{"server", "mode: server", "acme/toc", "server [dd guard] [] [label assign lifecycle]"},
		{"external", "mode: external", "acme/toc", "external [dd guard] [label assign lifecycle] []"},
		{"one switched on", "mode: external\ndefaults: {plugins: {label: true}}", "acme/toc", "external [dd guard] [assign lifecycle] [label]"},
		{"by its options", "mode: external\norgs: {acme: {plugins: {lifecycle: {days: 3}}}}", "acme/toc", "external [dd guard] [label assign] [lifecycle]"},
		{"elsewhere", "mode: external\norgs: {acme: {plugins: {lifecycle: {days: 3}}}}", "other/toc", "external [dd guard] [label assign lifecycle] []"},
		{"off again", "mode: external\ndefaults: {plugins: {label: true}}\nrepos: {acme/toc: {plugins: {label: false, dd: false}}}", "acme/toc", "external [guard] [label assign lifecycle] []"},
	} {
		cfg, err := config.Parse("c.yaml", []byte(c.text), all)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		ref, err := issue.ParseRef(c.repo + "#1")
		if err != nil {
			t.Fatal(err)
		}
		s, _ := cfg.For(ref)
		ours, left, both := cfg.Owners(s)
		if got := fmt.Sprint(cfg.Mode(), " ", ours, " ", left, " ", both); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	for _, text := range []string{"mode: prow", "mode: [external]", "mode:", "mode: External"} {
		if _, err := config.Parse("c.yaml", []byte(text), all); err == nil || !strings.Contains(err.Error(), "mode") || !strings.Contains(err.Error(), "c.yaml:1:") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := config.Parse("c.yaml", []byte("mode: external\ndefaults: {plugins: {lifecycle: {days: 101}}}"), all); err == nil || !strings.Contains(err.Error(), "c.yaml:2:") {
		t.Errorf("a wrong option beside it: %v", err)
	}
}
