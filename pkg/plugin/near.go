package plugin

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
)

// othersWords are first words of commands of other bots that work beside ddbot: Prow (kubernetes-sigs/prow, its plugins and
// external plugins), Tide, gitvote, DCO, EasyCLA, CNCF's and Kubernetes' labelers, cherry-picks, common CI bots. Whoever writes
// one of them does not mean ddbot, however near it is to a command of ours. Patterns as path.Match has them.
var othersWords = strings.Fields(`
	approve remove-approve lgtm remove-lgtm hold unhold remove-hold test retest retest-* test-* ok-to-test remove-ok-to-test override
	override-* skip skip-* cherrypick cherry-pick cherrypick-* backport cancel joke pony woof bark dog this-is-* meow meowvie honk goose
	shrug unshrug check-cla easycla check-dco dco release-note release-note-* remove-release-note-* label-* status milestone-*
	transfer transfer-issue pin pin-* unpin unpin-* link-issue unlink-issue project remove-project verify-owners verify verified
	lint golint jira bugzilla bug refresh rebase merge squash tide pipeline pj-rehearse payload cluster-* rebuild rebuild-* build
	deploy preview run run-* bench benchmark vote vote-* votes cancel-vote check-vote toc tag tags sub initiative level incident
	check-required-labels charter autosquash azp gcbrun packit gemini review bot take untake duplicate remind snooze invite shepherd
	auto-cc lock unlock wip draft ready signoff sign-off restart stop abort heart hug s shutdown me tableflip
	assign unassign cc uncc lifecycle remove-lifecycle close reopen retitle help remove-help good-first-issue remove-good-first-issue
	kinda kindly kind remove-kind area remove-area sig remove-sig wg remove-wg committee remove-committee language remove-language priority
	remove-priority triage remove-triage label remove-label milestone`)

// minDashed is how long the name of a command must be for a dash after it to be a blank: "/lifecycle-frozen".
const minDashed = 4

// maxNameWords is how many words people make of the name of a command: "/remove good first issue".
const maxNameWords = 4

// Near gives what somebody most likely meant who wrote words that no command has, as "/remove-lifecycle stale", or "". Words
// of other bots, those in others among them, are nobody's mistake.
func (c *Catalog) Near(words []string, rest string, others []string) string {
	words, ok := c.inner(words)
	if !ok {
		return ""
	}
	if c.prefix != Family && words[0] != Family && Suggest(words[0], []string{c.prefix}) != "" {
		words = append([]string{Family}, words[1:]...)
	}
	first := words[0]
	matches := func(pattern string) bool { ok, err := path.Match(pattern, first); return ok && err == nil }
	if slices.ContainsFunc(othersWords, matches) || slices.ContainsFunc(others, matches) {
		return ""
	}
	tokens := append(slices.Clone(words), strings.Fields(rest)...)
	for n := min(maxNameWords, len(tokens)); n > 0; n-- {
		if name := c.squashed(tokens[:n]); name != "" {
			return c.Written(name, tokens[n:])
		}
	}
	if name, arg, ok := strings.Cut(first, "-"); ok && len(name) >= minDashed && c.commands[name] != nil && arg != "" {
		return c.Written(name, append(strings.Split(arg, "-"), tokens[1:]...))
	}
	if len(words) > 2 || len(words) == 2 && len(first) < 6 { // a path rather than a command
		return ""
	}
	if name := c.spelled(first); name != "" {
		return c.Written(name, tokens[1:])
	}
	return ""
}

// few is the usage of a command that takes nothing, or one of a few words if any.
var few = regexp.MustCompile(`^/[a-z-]+(?: \[([a-z|-]+)\])?$`)

// Written is a command with its arguments, but for those that it could not take: who writes "Please /close this" means none.
func (c *Catalog) Written(name string, args []string) string {
	if cmd := c.pick(name, "").Command; cmd != nil && len(args) > 0 {
		if m := few.FindStringSubmatch(cmd.Usage); m != nil && !slices.Contains(strings.Split(m[1], "|"), strings.ToLower(args[0])) {
			args = nil
		}
	}
	return "/" + strings.Join(append([]string{name}, args...), " ")
}

// squashed finds the command whose name has the same letters: "re-open", "dd:done", "good first issue".
func (c *Catalog) squashed(words []string) string {
	letters := func(s string) string {
		return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(s))
	}
	want := letters(strings.Join(words, ""))
	best := ""
	for name := range c.commands {
		if letters(name) == want && (best == "" || name < best) {
			best = name
		}
	}
	return best
}

// takesBack are the beginnings of words that take something back.
var takesBack = regexp.MustCompile(`^(?:un|remove|delete|rm)-?`)

// spelled finds the command of one word, or the first of two, that is written almost so. What takes something back is never
// taken for what does it: "unlabel" is no "label".
func (c *Catalog) spelled(word string) string {
	back := takesBack.FindString(word)
	if name := "remove-" + c.spelledAs(strings.TrimPrefix(word, back), ""); back != "" && c.commands[name] != nil {
		return name
	}
	return c.spelledAs(word, back)
}

func (c *Catalog) spelledAs(word, back string) string {
	far := 0
	switch n := len(word); {
	case n >= 12:
		far = 3
	case n >= 6:
		far = 2
	case n >= 4:
		far = 1
	}
	best := ""
	consider := func(name, written string, limit int) {
		d := checklist.Distance(word, written)
		if len(written) >= 3 && d <= min(far, limit) && (d < far || best == "" || name < best) {
			best, far = name, d
		}
	}
	for name := range c.commands {
		verb, rest, two := strings.Cut(name, " ")
		if back != "" && !takesBack.MatchString(name) {
			continue
		}
		consider(verb, verb, far)
		if two { // "ddone"
			consider(name, verb+rest, 1)
		}
	}
	return best
}
