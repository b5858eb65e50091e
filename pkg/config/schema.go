package config

import (
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/sirupsen/logrus"
	"go.yaml.in/yaml/v3"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// The types of this file are the shape of the configuration for the checker. Nothing is decoded into them for use: that
// happens after merging, into the types of package plugin and into Operator.

type fileShape struct {
	Mode     mode                    `yaml:"mode"`
	Defaults layerShape              `yaml:"defaults"`
	Orgs     map[orgName]orgShape    `yaml:"orgs"`
	Repos    map[repoName]layerShape `yaml:"repos"`
	Override struct {
		Keys []overrideKey `yaml:"keys"`
	} `yaml:"override"`
	Only     []repoGlob    `yaml:"only"`
	Operator operatorShape `yaml:"operator"`
}

type orgShape struct {
	Exclude    []repoGlob `yaml:"exclude"`
	layerShape `yaml:",inline"`
}

type layerShape struct {
	Preset  presetName               `yaml:"preset"`
	Prefix  prefix                   `yaml:"prefix"`
	Plugins pluginsShape             `yaml:"plugins"`
	Roles   map[roleName]peopleShape `yaml:"roles"`
	Issues  []issueRuleShape         `yaml:"issues"`
	Tracked struct {
		Labels []labelGlob `yaml:"labels"`
		All    bool        `yaml:"all"`
	} `yaml:"tracked"`
	Contacts      []string    `yaml:"contacts"`
	Project       bool        `yaml:"projectMaintainers"`
	Bots          []login     `yaml:"bots"`
	OtherCommands []wordsGlob `yaml:"otherCommands"`
}

type peopleShape struct {
	Users []login `yaml:"users"`
	Teams []team  `yaml:"teams"`
}

type issueRuleShape struct {
	Labels []labelGlob              `yaml:"labels"`
	Title  titlePattern             `yaml:"title"`
	Roles  map[roleName]peopleShape `yaml:"roles"`
}

type operatorShape struct {
	Retention period   `yaml:"retention"`
	Sweep     schedule `yaml:"sweep"`
	Pace      struct {
		PerSecond count `yaml:"perSecond"`
		PerMinute count `yaml:"perMinute"`
		PerHour   count `yaml:"perHour"`
	} `yaml:"pace"`
	LogLevel logLevel `yaml:"logLevel"`
}

// Two shapes depend on which plugins there are; the checker knows them by their types.
type (
	pluginsShape struct{}
	overrideKey  string
)

var (
	typeFile        = reflect.TypeFor[fileShape]()
	typeLayer       = reflect.TypeFor[layerShape]()
	typePlugins     = reflect.TypeFor[pluginsShape]()
	typeIssueRule   = reflect.TypeFor[issueRuleShape]()
	typeOverrideKey = reflect.TypeFor[overrideKey]()
)

// Values that check themselves. Names are kept in lower case where GitHub does not tell cases apart, so that the same
// key in two spellings is found.
type (
	orgName   string
	repoName  string
	roleName  string
	repoGlob  string
	labelGlob string
	wordsGlob string
	// titlePattern is for whole titles: see plugin.FitsTitle.
	titlePattern string
	presetName   string
	prefix       string
	login        string
	team         string
	period       plugin.Duration
	schedule     string
	count        int
	logLevel     string
	mode         string
)

var (
	reWords = regexp.MustCompile(`^[a-z*?\[\]][a-z0-9_*?\[\]-]*$`)
	reOrg   = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	reRepo  = regexp.MustCompile(`^[A-Za-z0-9_-]+/[A-Za-z0-9._-]+$`)
	reLogin = regexp.MustCompile(`^[A-Za-z0-9_-]+(\[bot\])?$`)
)

func (v *orgName) UnmarshalText(b []byte) error {
	*v = orgName(issue.FoldLogin(string(b)))
	return must(reOrg.Match(b), b, "the name of an organisation or a user: settings of a repository belong under `repos`")
}

func (v *repoName) UnmarshalText(b []byte) error {
	*v = repoName(issue.FoldLogin(string(b)))
	return must(reRepo.Match(b), b, "a repository: write owner/name")
}

func (v *roleName) UnmarshalText(b []byte) error {
	*v = roleName(b)
	names := make([]string, len(plugin.Roles))
	for i, r := range plugin.Roles {
		if names[i] = string(r); names[i] == string(b) {
			return nil
		}
	}
	return unknown("role", string(b), names)
}

func (v *presetName) UnmarshalText(b []byte) error {
	*v = presetName(b)
	if names := Presets(); len(b) > 0 && !slices.Contains(names, string(b)) {
		return unknown("preset", string(b), names)
	}
	return nil
}

// rePrefix is a word that can begin commands. Words of other commands are found when the settings are made.
var rePrefix = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

func (v *prefix) UnmarshalText(b []byte) error {
	*v = prefix(b)
	return must(rePrefix.Match(b), b, "a word that commands can begin with: lower-case letters and digits, without the slash")
}

func (v *wordsGlob) UnmarshalText(b []byte) error {
	*v = wordsGlob(b)
	_, err := path.Match(string(b), "")
	return must(err == nil && reWords.Match(b), b, "the word of a command: write it in lower case and without the slash, for example retest or vote-*")
}

func (v *repoGlob) UnmarshalText(b []byte) error {
	_, err := path.Match(string(b), "")
	owner, name, ok := strings.Cut(string(b), "/")
	return must(err == nil && ok && owner != "" && name != "" && !strings.Contains(name, "/"), b,
		"a pattern for repositories: write owner/name or owner/*")
}

func (v *labelGlob) UnmarshalText(b []byte) error {
	_, err := path.Match(string(b), "")
	return must(err == nil && len(b) > 0, b, "a label or a pattern for labels like dd/*")
}

func (v *titlePattern) UnmarshalText(b []byte) error {
	return must(strings.Trim(string(b), "* ") != "", b, "a pattern for a title: write a part of it between stars, like \"* Foo *\"")
}

func (v *login) UnmarshalText(b []byte) error {
	return must(reLogin.Match(b), b, "a login: write it without @, a bot's with [bot]")
}

func (v *team) UnmarshalText(b []byte) error {
	return must(reRepo.Match(b), b, "a team: write org/team, without @")
}

func (v *period) UnmarshalText(b []byte) error {
	d, err := plugin.ParseDuration(string(b))
	if err != nil {
		return err
	}
	return must(d > 0, b, "long enough: write for example 7d")
}

func (v *schedule) UnmarshalText(b []byte) error {
	s := string(b)
	// The cron library panics on a time zone without anything behind it.
	if strings.HasPrefix(s, "TZ=") || strings.HasPrefix(s, "CRON_TZ=") {
		if !strings.Contains(s, " ") {
			return must(false, b, "a schedule: five fields must follow the time zone")
		}
	}
	parsed, err := cron.ParseStandard(s)
	if err != nil {
		return fmt.Errorf("%s is not a schedule: write for example @hourly or 0 6 * * 1-5 (%w)", quote(s), err)
	}
	if every, ok := parsed.(cron.ConstantDelaySchedule); ok && every.Delay < time.Minute {
		return must(false, b, "a schedule of a minute or more: a sweep asks GitHub for every repository")
	}
	return must(!parsed.Next(time.Unix(0, 0)).IsZero(), b, "a schedule that ever comes round")
}

func (v *count) UnmarshalYAML(n *yaml.Node) error {
	var i int
	if n.ShortTag() != "!!int" || n.Decode(&i) != nil || i < 1 {
		return fmt.Errorf("%s is not a whole number from 1 up", given(n))
	}
	return nil
}

func (v *logLevel) UnmarshalText(b []byte) error {
	_, err := logrus.ParseLevel(string(b))
	return must(err == nil, b, "a log level: write debug, info, warning or error")
}

func must(ok bool, value []byte, be string) error {
	if ok {
		return nil
	}
	return fmt.Errorf("%s is not %s", quote(string(value)), be)
}

func unknown(kind, name string, known []string) error {
	if s := plugin.Suggest(name, known); s != "" {
		return fmt.Errorf("unknown %s %s; did you mean `%s`?", kind, quote(name), s)
	}
	if slices.Contains(known, "defaults") && slices.Contains(layerKeys(), name) {
		return fmt.Errorf("unknown %s %s; here it stands below `defaults:`, one step further in (a repository's own file has it so: --override)", kind, quote(name))
	}
	return fmt.Errorf("unknown %s %s; there are %s", kind, quote(name), strings.Join(known, ", "))
}

// quote shows a value from the file in a message, on one line and not too much of it.
func quote(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return "`" + strings.ReplaceAll(s, "\n", " ") + "`"
}
