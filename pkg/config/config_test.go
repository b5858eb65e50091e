package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

const layered = `
defaults:
  plugins:
    lifecycle: {stale: 60d, days: 1, text: {title: Old}, groups: {prio: {labels: [p1]}}}
    milestone: false
  roles:
    sponsor: {users: [alice], teams: [cncf/toc]}
    reviewer: {users: [rita]}
  bots: ["ci[bot]"]
orgs:
  KubeVirt:
    exclude: [kubevirt/secret, KubeVirt/old-*]
    plugins:
      lifecycle: {stale: 2w, exempt: [pinned], groups: {kind: {exclusive: false}}}
      milestone: true
      label: {exclusive: ["org/*"]}
    roles: {sponsor: {users: [bob]}}
    tracked: {all: true}
repos:
  kubevirt/Community:
    plugins:
      lifecycle: {days: 3}
      label: false
    tracked: {labels: []}
    bots: []
  kubevirt/off: {plugins: {lifecycle: false}}
override:
  keys: [plugins.lifecycle.days, plugins.lifecycle.groups, plugins.milestone, plugins.label.exclusive, roles.sponsor, tracked.labels]
only: ["kubevirt/*", cncf/toc, "a/*"]
operator: {retention: 2w, pace: {perHour: 300}}
`

func ref(name string) issue.Ref {
	owner, repo, _ := strings.Cut(name, "/")
	return issue.Ref{Owner: owner, Repo: repo, Number: 1}
}

func parse(t *testing.T, file string) *config.Config {
	t.Helper()
	cfg, err := config.Parse("ddbot.yaml", []byte(file), fakes())
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// open lets repositories set everything.
func open() *config.Config {
	cfg, err := config.Parse("open", []byte("override: {keys: [plugins, roles, tracked, bots]}"), fakes())
	if err != nil {
		panic(err)
	}
	return cfg
}

func dump(t *testing.T, cfg *config.Config, s *plugin.Settings) string {
	t.Helper()
	text, err := cfg.Dump(s)
	if err != nil {
		t.Fatal(err)
	}
	return "\n" + text
}

const defaultDump = `
prefix: dd
plugins:
  label:
    exclusive:
      - lifecycle/*
    other: false
  lifecycle:
    stale: 90d
    grace: 0s
    exempt:
      - frozen
    days: 7
    close: false
    ratio: 0
    text:
      title: Stale
      foot: Say /remove-lifecycle
    groups:
      kind:
        labels:
          - dd
        exclusive: true
  milestone: true
tracked:
  labels:
    - kind/dd
    - dd/*
`

func TestWithoutAFileEverythingIsOn(t *testing.T) {
	commentsOnly := "# defaults:\n#   bots: []\n"
	sectionsWithoutValues := "defaults: {plugins: , roles: {sponsor: }, tracked: }\norgs:\nrepos:\n  a/b:\noverride:\noperator: {pace: }\n"
	for _, cfg := range []*config.Config{config.Default(fakes()), parse(t, "{}"), parse(t, commentsOnly), parse(t, sectionsWithoutValues)} {
		for _, repo := range []string{"a/b", "a/c", "any/thing"} {
			s, ok := cfg.For(ref(repo))
			if !ok {
				t.Fatalf("%s is not served", repo)
			}
			s2 := *s
			s2.Roles = nil
			if diff := cmp.Diff(defaultDump, dump(t, cfg, &s2)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", repo, diff)
			}
		}
		if cfg.Operator != config.DefaultOperator() {
			t.Errorf("operator section is %+v", cfg.Operator)
		}
	}
}

// effective is what layered says.
var effective = map[string]string{
	"CNCF/Toc": `
prefix: dd
plugins:
  label:
    exclusive:
      - lifecycle/*
    other: false
  lifecycle:
    stale: 60d
    grace: 0s
    exempt:
      - frozen
    days: 1
    close: false
    ratio: 0
    text:
      title: Old
      foot: Say /remove-lifecycle
    groups:
      kind:
        labels:
          - dd
        exclusive: true
      prio:
        labels:
          - p1
        exclusive: false
  milestone: false
roles:
  reviewer:
    users:
      - rita
  sponsor:
    users:
      - alice
    teams:
      - cncf/toc
tracked:
  labels:
    - kind/dd
    - dd/*
bots:
  - ci[bot]
`,
	"kubevirt/community": `
prefix: dd
plugins:
  label: false
  lifecycle:
    stale: 14d
    grace: 0s
    exempt:
      - pinned
    days: 3
    close: false
    ratio: 0
    text:
      title: Old
      foot: Say /remove-lifecycle
    groups:
      kind:
        labels:
          - dd
        exclusive: false
      prio:
        labels:
          - p1
        exclusive: false
  milestone: true
roles:
  reviewer:
    users:
      - rita
  sponsor:
    users:
      - bob
    teams:
      - cncf/toc
tracked:
  all: true
`,
}

func TestLayers(t *testing.T) {
	cfg := parse(t, layered)
	for repo, want := range effective {
		s, ok := cfg.For(ref(repo))
		if !ok {
			t.Fatalf("%s is not served", repo)
		}
		got := dump(t, cfg, s)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", repo, diff)
		}
		// What is shown can be given back.
		again := parse(t, "defaults:\n"+strings.ReplaceAll(got, "\n", "\n  ")+"\n")
		s, _ = again.For(ref("x/y"))
		if back := dump(t, again, s); strings.ReplaceAll(back, "  labels:\n    - kind/dd\n    - dd/*\n", "") != strings.ReplaceAll(got, "  labels:\n    - kind/dd\n    - dd/*\n", "") {
			t.Errorf("%s read back:\n%s", repo, cmp.Diff(got, back))
		}
	}
	if len(shared) != 1 || !shared["kind"].Exclusive {
		t.Errorf("the plugin's shared defaults were written to: %v", shared)
	}
	want := config.Operator{Retention: 14 * plugin.Day, Sweep: "@hourly", Pace: config.Pace{PerSecond: 1, PerMinute: 80, PerHour: 300}, LogLevel: "info"}
	if cfg.Operator != want {
		t.Errorf("operator section is %+v, want %+v", cfg.Operator, want)
	}
}

func names(s *plugin.Settings) string {
	var out []string
	for _, p := range s.Catalog.Plugins {
		out = append(out, p.Name())
	}
	return strings.Join(out, " ")
}

func TestServedAndSwitches(t *testing.T) {
	cfg := parse(t, layered)
	for repo, want := range map[string]string{
		"kubevirt/kubevirt": "lifecycle label milestone",
		"KUBEVIRT/OFF":      "label milestone",
		"cncf/toc":          "lifecycle label",
		"cncf/other":        "not served", // not in only
		"kubevirt/secret":   "not served", // excluded
		"KubeVirt/Secret":   "not served",
		"kubevirt/old-one":  "not served",
	} {
		got := "not served"
		if s, ok := cfg.For(ref(repo)); ok {
			got = names(s)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", repo, got, want)
		}
	}
	if s, errs := cfg.ForWith(ref("kubevirt/secret"), []byte("bots: [x]")); s != nil || errs != nil {
		t.Errorf("an excluded repository got settings from its own file: %v %v", s, errs)
	}
}

// TestRepositories: those under repos and, without patterns, only.
func TestRepositories(t *testing.T) {
	c := parse(t, "repos: {acme/toc: {}}\nonly: [acme/*, Acme/One, acme/toc]\n")
	if d := cmp.Diff([]string{"acme/one", "acme/toc"}, c.Repositories()); d != "" {
		t.Error(d)
	}
}

func TestSwitchingOffAndOnKeepsOptions(t *testing.T) {
	cfg := parse(t, `
defaults: {plugins: {lifecycle: {days: 5}}}
orgs: {a: {plugins: {lifecycle: false}}}
repos: {a/b: {plugins: {lifecycle: true}}, a/c: {plugins: {lifecycle: {close: true}}}}
`)
	for repo, want := range map[string]int{"x/y": 5, "a/a": 0, "a/b": 5, "a/c": 5} {
		s, _ := cfg.For(ref(repo))
		got := 0
		if o, ok := s.Options["lifecycle"].(*lifecycleOptions); ok {
			got = o.Days
		}
		if got != want {
			t.Errorf("%s: days %d, want %d", repo, got, want)
		}
	}
}

const may = "the operator lets repositories set plugins.lifecycle.days, plugins.lifecycle.groups, plugins.milestone, " +
	"plugins.label.exclusive, roles.sponsor, tracked.labels"

var overrides = []struct {
	name, text string
	days       int    // of lifecycle; 0 for off
	plugins    string // that are on
	errs       []string
}{
	{"none", "", 3, "lifecycle milestone", nil},
	{"comments only", "# nothing\n", 3, "lifecycle milestone", nil},
	{"allowed", "plugins: {lifecycle: {days: 9}, milestone: false}\n", 9, "lifecycle", nil},
	{"one option does not switch a plugin on", "plugins: {label: {exclusive: [a/*]}}\n", 3, "lifecycle milestone", nil},
	{"not allowed is ignored, the rest counts", `
plugins:
  lifecycle: {days: 9, stale: 1d}
  label: true
roles:
  staff: {users: [mallory]}
tracked:
  all: true
`, 9, "lifecycle milestone", []string{
		".github/ddbot.yaml:3:24: `plugins.lifecycle.stale` may not be set here and is ignored: " + may,
		".github/ddbot.yaml:4:3: `plugins.label` may not be set here and is ignored: " + may,
		".github/ddbot.yaml:6:3: `roles.staff` may not be set here and is ignored: " + may,
		".github/ddbot.yaml:8:3: `tracked.all` may not be set here and is ignored: " + may,
	}},
	{"a plugin of which one option is allowed cannot be switched off", "plugins: {lifecycle: false}\n", 3, "lifecycle milestone", []string{
		".github/ddbot.yaml:1:11: `plugins.lifecycle` may not be set here and is ignored: " + may,
	}},
	{"broken is ignored whole", "plugins: {lifecycle: {days: 9, close: 1}, milestone: fals}\nbots: []\n", 3, "lifecycle milestone", []string{
		".github/ddbot.yaml:1:32: `plugins.lifecycle.close` may not be set here and is ignored: " + may,
		".github/ddbot.yaml:1:39: `close` must be true or false, not `1`",
		".github/ddbot.yaml:1:43: plugin `milestone` must be true, false or a mapping of options, not `fals`",
		".github/ddbot.yaml:2:1: `bots` may not be set here and is ignored: " + may,
	}},
	{"the plugin refuses", "roles: {sponsor: {users: [x]}}\nplugins:\n  lifecycle:\n    days: 200\n", 3, "lifecycle milestone", []string{
		".github/ddbot.yaml:4:5: plugin `lifecycle`: check options: days must be 100 at most",
	}},
	{"not YAML", "a: b: c", 3, "lifecycle milestone", []string{
		".github/ddbot.yaml:1:1: not YAML near this line: mapping values are not allowed in this context; mind the indentation (blanks, no tabs), colons and quotes",
	}},
	{"the operator's file", "defaults: {}", 3, "lifecycle milestone", []string{
		".github/ddbot.yaml:1:1: `defaults` may not be set here and is ignored: " + may,
		".github/ddbot.yaml:1:1: unknown key `defaults`; there are preset, prefix, plugins, roles, issues, tracked, contacts, projectMaintainers, bots, otherCommands",
	}},
	{"far too long", "#" + strings.Repeat("x", 64<<10), 3, "lifecycle milestone", []string{
		".github/ddbot.yaml:1:1: the file is ignored: it has more than 65536 bytes",
	}},
	{"a list", "[]", 3, "lifecycle milestone", []string{
		".github/ddbot.yaml:1:1: the file must be a mapping (key: value), not a list",
	}},
}

func TestOverride(t *testing.T) {
	cfg := parse(t, layered)
	for _, tc := range overrides {
		t.Run(tc.name, func(t *testing.T) {
			for range 2 { // the second answer is remembered
				s, errs := cfg.ForWith(ref("KubeVirt/community"), []byte(tc.text))
				days := 0
				if o, ok := s.Options["lifecycle"].(*lifecycleOptions); ok {
					days = o.Days
				}
				if days != tc.days || names(s) != tc.plugins {
					t.Errorf("days %d, on %q; want %d, %q", days, names(s), tc.days, tc.plugins)
				}
				var got []string
				for _, err := range errs {
					got = append(got, err.Error())
				}
				if diff := cmp.Diff(tc.errs, got); diff != "" {
					t.Errorf("problems (-want +got):\n%s", diff)
				}
			}
		})
	}
	s, errs := cfg.ForWith(ref("kubevirt/community"), []byte("roles: {sponsor: {users: [carol]}}\ntracked: {labels: [x]}"))
	if p := s.Roles[plugin.Sponsor]; len(errs) > 0 || len(p.Users) != 1 || p.Users[0] != "carol" || len(p.Teams) != 1 || s.Roles[plugin.Reviewer].Users[0] != "rita" || !s.Tracked.All || len(s.Tracked.Labels) != 1 {
		t.Errorf("roles %v, tracked %v, problems %v", s.Roles, s.Tracked, errs)
	}
	if s, _ := cfg.For(ref("kubevirt/community")); s.Roles[plugin.Sponsor].Users[0] != "bob" {
		t.Error("an override changed the operator's settings")
	}
}

func TestSettingsAreMadeOnce(t *testing.T) {
	cfg := parse(t, layered)
	a, _ := cfg.For(ref("kubevirt/a"))
	b, _ := cfg.For(ref("KubeVirt/b"))
	if a != b {
		t.Error("two repositories of one organisation have settings of their own")
	}
	x, _ := cfg.ForWith(ref("kubevirt/a"), []byte("tracked: {labels: [x]}"))
	y, _ := cfg.ForWith(ref("KubeVirt/A"), []byte("tracked: {labels: [x]}"))
	if x != y || x == a {
		t.Error("the same override was merged twice, or not at all")
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]string{
		"90d": "90d", "12w": "84d", "36h": "36h", "24h": "1d", "1w2d12h": "228h", "1d12h": "36h", "0": "0s", "90m": "1h30m", "1h0m5s": "1h0m5s", "10m": "10m",
	} {
		d, err := plugin.ParseDuration(text)
		if err != nil || d.String() != want {
			t.Errorf("%s: %v, %v; want %s", text, d, err, want)
		}
		if again, err := plugin.ParseDuration(d.String()); err != nil || again != d {
			t.Errorf("%s does not read back: %v %v", d, again, err)
		}
	}
	for _, text := range []string{"", "d", "5", "-5d", "-5h", "1d-5h", "1.5d", "5days", "2d1w", "99999999999d", "106752d", "106751d24h", "1d 2h", "5D"} {
		if d, err := plugin.ParseDuration(text); err == nil {
			t.Errorf("%q was read as %v", text, d)
		}
	}
}
