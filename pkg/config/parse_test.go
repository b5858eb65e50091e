package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ddbot/ddbot/pkg/config"
)

var broken = []struct {
	name, file string
	want       []string // without the file's name
}{
	{"empty", " \n", []string{"1:1: the file is empty: for all defaults write {} or give no file"}},
	{"not a mapping", "- a\n", []string{"1:1: the configuration must be a mapping (key: value), not a list"}},
	{"two documents", "defaults: {}\n---\nonly: []\n", []string{"2:1: a second document: there may be only one"}},
	{"unknown keys everywhere", `
default: {}
defaults:
  plugin: {}
  plugins:
    lifecyle: true
    lifecycle:
      stael: 90d
      text: {titel: x}
      groups: {kind: {lables: []}}
    milestone: {x: 1}
  roles:
    sponsors: {}
    staff: {user: [a]}
  tracked: {label: []}
orgs:
  kubevirt: {excludes: []}
override: {key: []}
operator: {pace: {perDay: 1}, zzz: 1}
`, []string{
		"2:1: unknown key `default`; did you mean `defaults`?",
		"4:3: unknown key `plugin`; did you mean `plugins`?",
		"6:5: unknown plugin `lifecyle`; did you mean `lifecycle`?",
		"8:7: unknown key `stael`; did you mean `stale`?",
		"9:14: unknown key `titel`; did you mean `title`?",
		"10:23: unknown key `lables`; did you mean `labels`?",
		"11:5: plugin `milestone` has no options: write true or false",
		"13:5: unknown role `sponsors`; did you mean `sponsor`?",
		"14:13: unknown key `user`; did you mean `users`?",
		"15:13: unknown key `label`; did you mean `labels`?",
		"17:14: unknown key `excludes`; did you mean `exclude`?",
		"18:12: unknown key `key`; did you mean `keys`?",
		"19:19: unknown key `perDay`; there are perSecond, perMinute, perHour",
		"19:31: unknown key `zzz`; there are retention, sweep, pace, logLevel",
	}},
	{"wrong types", `
defaults:
  plugins:
    milestone: yes please
    label: [a]
    lifecycle:
      stale: soon
      rotten: 30
      grace: 60
      exempt: frozen
      days: 1.5
      close: 1
      ratio: half
      text: title
      groups:
        kind:
        - a
  tracked: {all: [x], labels: {}}
  bots:
repos: [a/b]
only: x
operator: {logLevel: {}, sweep: [], pace: {perSecond: []}}
`, []string{
		"4:5: plugin `milestone` must be true, false or a mapping of options, not `yes please`",
		"5:5: plugin `label` must be true, false or a mapping of options, not a list",
		"7:14: `stale`: \"soon\" is not a length of time: write for example 90d, 12w or 36h",
		"8:15: `rotten`: \"30\" is not a length of time: write for example 90d, 12w or 36h",
		"9:14: `grace` must be a length of time like 90s or 36h, not `60`",
		"10:7: `exempt` must be a list, not `frozen`",
		"11:13: `days` must be a whole number, not `1.5`",
		"12:14: `close` must be true or false, not `1`",
		"13:14: `ratio` must be a number, not `half`",
		"14:7: `text` must be a mapping (key: value), not `title`",
		"16:9: `kind` must be a mapping (key: value), not a list",
		"18:13: `all` must be true or false, not a list",
		"18:23: `labels` must be a list, not a mapping",
		"19:3: `bots` must be a list, not nothing",
		"20:1: `repos` must be a mapping (key: value), not a list",
		"21:1: `only` must be a list, not `x`",
		"22:12: `logLevel` must be text, not a mapping",
		"22:26: `sweep` must be text, not a list",
		"22:55: `perSecond`: a list is not a whole number from 1 up",
	}},
	{"no value", `
defaults:
  plugins:
    milestone:
    lifecycle: {days: , text: {title: ~}, exempt: [~, true]}
`, []string{
		"4:5: plugin `milestone` must be true, false or a mapping of options, not nothing",
		"5:17: `days` has no value: write one, or remove the line",
		"5:32: `title` has no value: write one, or remove the line",
		"5:52: an item of `exempt` has no value: write one, or remove the line",
		"5:55: an item of `exempt` must be text: put quotes around `true`",
	}},
	{"duplicates", `
defaults: {}
repos:
  cncf/toc: {}
  CNCF/TOC: {}
orgs:
  a: {}
  A:
    bots: []
    bots: []
defaults:
  plugins:
    lifecycle: {days: 1, days: 2, free: {a: [{b: 1, b: 2}]}}
`, []string{
		"5:3: duplicate key `CNCF/TOC`: it stands on line 4 already",
		"8:3: duplicate key `A`: it stands on line 7 already",
		"11:1: duplicate key `defaults`: it stands on line 2 already",
	}},
	{"duplicates in options", `
defaults:
  plugins:
    lifecycle: {days: 1, days: 2, free: {a: [{b: 1, b: 2}]}}
`, []string{
		"4:26: duplicate key `days`: it stands on line 4 already",
		"4:53: duplicate key `b`: it stands on line 4 already",
	}},
	{"names and patterns", `
orgs:
  kubevirt/kubevirt: {}
  kubevirt: {exclude: [secret, cncf/toc, "kubevirt/["]}
repos:
  kubevirt: {}
  kubevirt/*: {}
defaults:
  roles:
    sponsor: {users: ["@bob", "Bob Smith"], teams: [toc, "@cncf/toc"]}
  tracked: {labels: ["dd/[", ""]}
  bots: ["ci[bot]", "@ci"]
only: ["*", "a/b/c", "[/x"]
operator:
  retention: 0h
  sweep: daily
  pace: {perSecond: 0, perMinute: "80", perHour: 1.5}
  logLevel: loud
`, []string{
		"3:3: `kubevirt/kubevirt` is not the name of an organisation or a user: settings of a repository belong under `repos`",
		"4:24: an item of `exclude`: `secret` is not a pattern for repositories: write owner/name or owner/*",
		"4:32: `cncf/toc` is not a repository of `kubevirt`: its own organisation excludes it",
		"4:42: an item of `exclude`: `kubevirt/[` is not a pattern for repositories: write owner/name or owner/*",
		"6:3: `kubevirt` is not a repository: write owner/name",
		"7:3: `kubevirt/*` is not a repository: write owner/name",
		"10:23: an item of `users`: `@bob` is not a login: write it without @, a bot's with [bot]",
		"10:31: an item of `users`: `Bob Smith` is not a login: write it without @, a bot's with [bot]",
		"10:53: an item of `teams`: `toc` is not a team: write org/team, without @",
		"10:58: an item of `teams`: `@cncf/toc` is not a team: write org/team, without @",
		"11:22: an item of `labels`: `dd/[` is not a label or a pattern for labels like dd/*",
		"11:30: an item of `labels`: `` is not a label or a pattern for labels like dd/*",
		"12:21: an item of `bots`: `@ci` is not a login: write it without @, a bot's with [bot]",
		"13:8: an item of `only`: `*` is not a pattern for repositories: write owner/name or owner/*",
		"13:13: an item of `only`: `a/b/c` is not a pattern for repositories: write owner/name or owner/*",
		"13:22: an item of `only`: `[/x` is not a pattern for repositories: write owner/name or owner/*",
		"15:14: `retention`: `0h` is not long enough: write for example 7d",
		"16:10: `sweep`: `daily` is not a schedule: write for example @hourly or 0 6 * * 1-5 (expected exactly 5 fields, found 1: [daily])",
		"17:21: `perSecond`: `0` is not a whole number from 1 up",
		"17:35: `perMinute`: `80` is not a whole number from 1 up",
		"17:50: `perHour`: `1.5` is not a whole number from 1 up",
		"18:13: `logLevel`: `loud` is not a log level: write debug, info, warning or error",
	}},
	{"rules for issues", `
defaults:
  issues:
    - {title: "* Foo *", roles: {author: {users: [zoe]}}}
    - {labels: [project/foo], roles: {author: {users: ["@zoe"], team: [a/b]}, applicnt: {}}}
    - {roles: {author: {users: [zoe]}}}
    - {title: "*", labels: ["a/["], roles: {sponsor: {teams: [toc]}}}
    - {titel: x, labels: [], title: "", roles: }
    - zoe
repos:
  a/b: {issues: {title: x}}
`, []string{
		"5:56: an item of `users`: `@zoe` is not a login: write it without @, a bot's with [bot]",
		"5:65: unknown key `team`; did you mean `teams`?",
		"5:79: unknown role `applicnt`; did you mean `applicant`?",
		"6:7: an item of `issues` says nothing of which issues: write `labels` or `title`; for all issues there is `roles`",
		"7:15: `title`: `*` is not a pattern for a title: write a part of it between stars, like \"* Foo *\"",
		"7:29: an item of `labels`: `a/[` is not a label or a pattern for labels like dd/*",
		"7:63: an item of `teams`: `toc` is not a team: write org/team, without @",
		"8:7: an item of `issues` names nobody: write `roles`",
		"8:7: an item of `issues` says nothing of which issues: write `labels` or `title`; for all issues there is `roles`",
		"8:8: unknown key `titel`; did you mean `title`?",
		"8:37: `title`: `` is not a pattern for a title: write a part of it between stars, like \"* Foo *\"",
		"9:7: an item of `issues` must be a mapping (key: value), not `zoe`",
		"11:9: `issues` must be a list, not a mapping",
	}},
	{"schedules", "operator: {sweep: TZ=0}\n", []string{
		"1:19: `sweep`: `TZ=0` is not a schedule: five fields must follow the time zone",
	}},
	{"a schedule under a minute", "operator:\n  sweep: \"@every 59s\"\n", []string{
		"2:10: `sweep`: `@every 59s` is not a schedule of a minute or more: a sweep asks GitHub for every repository",
	}},
	{"a day that never comes", "operator: {sweep: 0 0 31 2 *}\n", []string{
		"1:19: `sweep`: `0 0 31 2 *` is not a schedule that ever comes round",
	}},
	{"override keys", `
override:
  keys: [plugins.lifecyle, plugins.lifecycle.days, plugins.lifecycle.days.x, plugins.milestone.x, role.sponsor,
    roles.sponsor.users, roles.boss, plugins.lifecycle.groups.any.labels, bots, plugins, "", tracked.al, ~]
`, []string{
		"3:10: `plugins.lifecyle`: unknown plugin `lifecyle`; did you mean `lifecycle`?",
		"3:52: `plugins.lifecycle.days.x`: there is nothing below it that `x` could name",
		"3:78: `plugins.milestone.x`: there is nothing below it that `x` could name",
		"3:99: `role.sponsor`: unknown key `role`; did you mean `roles`?",
		"4:26: `roles.boss`: unknown role `boss`; there are anyone, author, applicant, maintainer, sponsor, reviewer, staff",
		"4:90: ``: unknown key ``; there are preset, prefix, plugins, roles, issues, tracked, contacts, projectMaintainers, bots, otherCommands",
		"4:94: `tracked.al`: unknown key `al`; did you mean `all`?",
		"4:106: an item of `keys` must be a dotted key like plugins.lifecycle, not nothing",
	}},
	{"plugins' own checks, in the layer that is to blame", `
defaults:
  plugins:
    lifecycle:
      days: 101
      groups: {kind: {labels: [ok, bad]}}
orgs:
  a: {plugins: {lifecycle: {days: 1}}}
repos:
  a/b: {plugins: {lifecycle: {days: 102}}}
  a/c:
    plugins:
      lifecycle: {text: {title: x, foot: x}}
  a/d:
    plugins: {label: {exclusiv: []}}
`, []string{
		"5:7: plugin `lifecycle`: check options: days must be 100 at most",
		"6:36: plugin `lifecycle`: bad label",
		"10:31: plugin `lifecycle`: check options: days must be 100 at most",
		"13:7: plugin `lifecycle`: title and foot must differ",
		"15:23: unknown key `exclusiv`; did you mean `exclusive`?",
	}},
	{"plugins' own checks of what can be read, beside what cannot", `
defaults:
  plugins:
    lifecycle: {days: 101, close: maybe, groups: {kind: {labels: [ok, bad]}}, text: {title: x, foot: x}, stale: 9}
`, []string{
		"4:5: plugin `lifecycle`: title and foot must differ",
		"4:17: plugin `lifecycle`: check options: days must be 100 at most",
		"4:35: `close` must be true or false, not `maybe`",
		"4:71: plugin `lifecycle`: bad label",
		"4:113: `stale`: \"9\" is not a length of time: write for example 90d, 12w or 36h",
	}},
	{"anchors", `
defaults: &d {bots: []}
repos: {a/b: *d, a/c: {<<: {}}, [x]: {}}
`, []string{
		"2:11: anchors and aliases are not read here: write the value out",
		"3:14: anchors and aliases are not read here: write the value out",
		"3:24: a key must be plain text, not `<<`",
		"3:33: a key must be plain text, not a list",
	}},
}

func TestBrokenFiles(t *testing.T) {
	for _, tc := range broken {
		t.Run(tc.name, func(t *testing.T) {
			cfg, err := config.Parse("ddbot.yaml", []byte(tc.file), fakes())
			if cfg != nil {
				t.Error("a broken file gave a configuration")
			}
			var found config.Errors
			if !errors.As(err, &found) {
				t.Fatalf("error is %T (%v), not Errors", err, err)
			}
			var want strings.Builder
			for _, line := range tc.want {
				want.WriteString("ddbot.yaml:" + line + "\n")
			}
			if diff := cmp.Diff(strings.Split(want.String(), "\n"), strings.Split(err.Error()+"\n", "\n")); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSyntaxErrorsHaveALine(t *testing.T) {
	for file, line := range map[string]int{
		"defaults: {}\nonly: [\n":             2,
		"defaults:\n  bots: []\n\torgs: {}\n": 3,
		"a: b: c\n":                           1,
		"defaults: {}\n\xff\xfe":              1,
		"defaults: {}\n---\na: b: c\n":        3,
	} {
		_, err := config.Parse("ddbot.yaml", []byte(file), fakes())
		var found config.Errors
		if !errors.As(err, &found) || len(found) != 1 || found[0].Line != line || !strings.Contains(found[0].Text, "not YAML") {
			t.Errorf("%q: %v; want one syntax error on line %d", file, err, line)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, tc := range broken {
		f.Add([]byte(tc.file))
	}
	f.Add([]byte(layered))
	f.Fuzz(func(t *testing.T, data []byte) {
		cfg, err := config.Parse("f", data, fakes())
		if (cfg == nil) != (err != nil) {
			t.Fatalf("configuration %v with error %v", cfg, err)
		}
		if cfg == nil {
			cfg = open()
		}
		if s, errs := cfg.ForWith(ref("a/b"), data); s == nil && len(errs) > 0 {
			t.Fatalf("a broken override left no settings: %v", errs)
		} else if s != nil {
			if _, err := cfg.Dump(s); err != nil {
				t.Fatal(err)
			}
		}
	})
}
