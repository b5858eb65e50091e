package diligence

import (
	"errors"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

func parse(in plugin.Input) (*checklist.List, error) {
	list, err := checklist.Parse(in.Issue.Body)
	if refused, ok := errors.AsType[*checklist.RefusedError](err); ok {
		return nil, textCannotRead(refused)
	}
	return list, err
}

// items finds the items that a command begins with, and what follows them.
func items(in plugin.Input, a plugin.Args) (found []checklist.Item, rest string, err error) {
	list, err := parse(in)
	if err != nil {
		return nil, "", err
	}
	ref, rest := list.SplitRef(uncolon(a.Rest))
	if ref == "" {
		return nil, "", textNoItem(a)
	}
	matches, err := list.Resolve(ref)
	if err != nil {
		return nil, "", textResolve(a, err)
	}
	for _, m := range matches {
		found = append(found, m.Items...)
	}
	return found, rest, nil
}

var reColon = regexp.MustCompile(`^([^\s":]+\.[0-9]+|"[^"]+"):(\s|$)`)

// uncolon takes the colon off that people put behind the name of an item.
func uncolon(text string) string { return reColon.ReplaceAllString(text, "$1$2") }

// reRef is a text that can only be meant as the name of an item.
var reRef = regexp.MustCompile(`^(?:[^\s"]+\.[0-9]+\b|")`)

// item finds the one item that a text begins with, if it does. A text that begins like the name of an item and names none is an error.
func item(in plugin.Input, a plugin.Args, text string) (*diligence.Item, string, error) {
	list, err := parse(in)
	if err != nil {
		return nil, text, err
	}
	ref, rest := list.SplitRef(uncolon(text))
	matches, err := list.Resolve(ref)
	named := err == nil && len(matches) == 1 && len(matches[0].Items) == 1 && !matches[0].Whole
	switch near, missing := errors.AsType[*checklist.NotFoundError](err); {
	case named && (rest != "" || a.Text != "" || reRef.MatchString(text)):
		i := diligence.ItemOf(matches[0].Items[0])
		return &i, rest, nil
	case missing && len(near.Suggestions) == 0 && near.Hint == "":
		return nil, text, nil // "v1.4 works …" names nothing
	case err != nil && reRef.MatchString(text):
		return nil, text, textResolve(a, err)
	}
	return nil, text, nil
}

// whole joins what follows a command on its line with the lines below it.
func whole(rest string, a plugin.Args) string {
	return strings.TrimSpace(strings.TrimLeft(rest, "-–—: ") + "\n" + a.Text)
}

// date reads a day: 2026-12-01, or how far it is from now: +3d, +2w, +1m. "none" is the zero day.
func date(s string, from time.Time) (time.Time, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "none" {
		return time.Time{}, true
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, true
	}
	m := reAhead.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, false
	}
	n := 0
	for _, c := range m[1] {
		n = n*10 + int(c-'0')
	}
	day := from.UTC().Truncate(24 * time.Hour)
	switch m[2] {
	case "d":
		return day.AddDate(0, 0, n), true
	case "w":
		return day.AddDate(0, 0, 7*n), true
	}
	return day.AddDate(0, n, 0), true
}

var (
	reAhead = regexp.MustCompile(`^\+?([0-9]{1,3})([dwm])$`)
	reBy    = regexp.MustCompile(`(?i)(?:^|\s)(?:by|until|on|due)\s+(\S+)\s*$`)
	reOn    = regexp.MustCompile(`(?i)(?:^|\s)(?:by|until|on|due)\s+(\+?[0-9]{1,3}[dwm]|[0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s|$)`)
)

// cutDay takes "by DATE" out. A day that is over is a mistake.
func cutDay(in plugin.Input, a plugin.Args, rest string) (string, time.Time, error) {
	m := reBy.FindStringSubmatchIndex(rest)
	if m == nil {
		m = reOn.FindStringSubmatchIndex(rest)
	}
	if m == nil {
		return strings.TrimSpace(rest), time.Time{}, nil
	}
	on, err := day(in, a, rest[m[2]:m[3]])
	return strings.TrimSpace(rest[:m[0]] + " " + strings.TrimSpace(rest[m[1]:])), on, err
}

func day(in plugin.Input, a plugin.Args, s string) (time.Time, error) {
	on, ok := date(s, now(in))
	switch {
	case !ok:
		return on, textNoDay(a, s)
	case !on.IsZero() && on.Before(now(in).UTC().Truncate(24*time.Hour)):
		return on, textPast(a, on)
	}
	return on, nil
}

var reLogin = regexp.MustCompile(`^@?([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))$`)

// login reads @octocat, octocat or me.
func login(a plugin.Args, s string) (string, bool) {
	if strings.EqualFold(strings.TrimSpace(s), "me") {
		return a.By.Login, true
	}
	m := reLogin.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return "", false
	}
	return m[1], true
}

var reAddress = regexp.MustCompile(`^https?://\S+$`)

var reOnGitHub = regexp.MustCompile(`^https://github\.com/([A-Za-z0-9-]+/[A-Za-z0-9._-]+)/(?:issues|pull)/([0-9]+)(?:[#?/].*)?$`)

// target reads #110, owner/repo#110 or an address; an issue's address is the issue.
func target(in plugin.Input, s string) (string, bool) {
	s = strings.Trim(strings.TrimSpace(s), "<>")
	if m := reOnGitHub.FindStringSubmatch(s); m != nil {
		return m[1] + "#" + m[2], true
	}
	if strings.HasPrefix(s, "#") {
		s = in.Issue.Ref.FullName() + s
	}
	if ref, err := issue.ParseRef(s); err == nil {
		return ref.String(), true
	}
	return s, reAddress.MatchString(s)
}

// Personal data of people who never asked to be here: e-mail addresses and telephone numbers.
var (
	reMail  = regexp.MustCompile(`([A-Za-z0-9._%+-]+)@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)
	rePhone = regexp.MustCompile(`(?:^|[\s(:])(?:(?:\+|00[ -]?)[1-9][0-9]{0,2}(?:[ ()./-]+[0-9]{2,}){2,}|\+[0-9]{9,15}\b|\([0-9]{3}\) ?[0-9]{3}[ -][0-9]{4}|[0-9]{3}[-.][0-9]{3}[-.][0-9]{4}\b)`)
)

// personal tells whether a text has an e-mail address or a telephone number. git@github.com is neither.
func personal(text string) bool {
	text = html.UnescapeString(text)
	mails := slices.DeleteFunc(reMail.FindAllStringSubmatch(text, -1), func(m []string) bool { return m[1] == "git" })
	return len(mails) > 0 || rePhone.MatchString(text)
}
