package main

import (
	"strings"
	"testing"
)

// TestUsage: what was called wrongly ends with 2, writes nothing, and is told what is wrong in words of that command.
func TestUsage(t *testing.T) {
	broken, other := write(t, "own.yaml", "preset: cncf-tok\n"), write(t, "list.md", "- [ ] One holds\n- [ ] Two holds\n- [ ] Three hold\n")
	for line, want := range map[string]string{
		"help chekc":                            `there is no command "chekc", perhaps you mean check`,
		"help template lisst":                   "there is no 'ddbot template lisst', perhaps you mean list",
		"chekc --level x":                       `there is no command "chekc"`,
		"labels craete --repo a/b":              "there is no 'ddbot labels craete', perhaps you mean create",
		"dead lits":                             "there is no 'ddbot dead lits'",
		"config shwo":                           "there is no 'ddbot config shwo'",
		"labels check --no-flag":                "unknown flag: --no-flag",
		"check foo#x":                           `"foo#x" is not an issue: write OWNER/NAME#12, or its address`,
		"draft foo a/b":                         `LEVEL is incubation or graduation, not "foo"`,
		"draft graduation kubevirt":             `ORG/REPO is the project's main repository, and "kubevirt" is not one`,
		"draft graduation":                      "this takes LEVEL ORG/REPO, and not",
		"queue --repo a/b --csv --json":         "choose one of --markdown, --csv and --json",
		"check-config --override --repo a/b f":  "leave --repo out",
		"check-config --override " + broken:     broken + ":1:9:",
		"template migrate --to newest " + other: "hardly an item is in both, and nothing was written",
		"template migrate --write " + other:     "hardly an item is in both, and nothing was written",
		"template new incubation --project a/b --template report/graduation":                 "an application for incubation is wanted",
		"template new graduation --project a/b --template incubation":                        "an application for graduation is wanted",
		"report skeleton --project a/b --level incubation --template report/graduation":      "a report on incubation is wanted",
		"report skeleton --project a/b --level incubation --template application/incubation": "a report on incubation is wanted",
	} {
		out, errOut, code := call(t, "", strings.Fields(line)...)
		if code != exitUsage || out != "" || !strings.Contains(errOut, want) {
			t.Errorf("ddbot %s: %d\n%s%s", line, code, out, errOut)
		}
	}
	if out, _, code := call(t, "", "help", "labels", "create"); code != 0 || !strings.Contains(out, "--repo") {
		t.Errorf("help labels create: %d\n%s", code, out)
	}
}
