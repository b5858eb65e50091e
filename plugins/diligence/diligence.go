// Package diligence keeps the status comment of an application: questions, findings, owners and dates, links, adopters, sponsors, the
// stage with its clocks, and the vote. Its commands change the state (package diligence of pkg); at the end of each event the comment
// is written anew, if it reads differently.
package diligence

import (
	"time"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Plugin owns the verbs of the due diligence beside those of the checklist.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return diligence.Plugin }

// Help says what it is for.
func (Plugin) Help() string {
	return "Keeps one status comment: who asked what, who owes what by when, adopters, sponsors, the stage and the vote."
}

// EachDay has the sweep hand tracked issues out: links are looked at, and who is late is reminded.
func (o *Options) EachDay() bool { return true }

type run = func(in plugin.Input, a plugin.Args) ([]plan.Effect, error)

var (
	anyone  = []plugin.Role{plugin.Anyone}
	project = []plugin.Role{plugin.Applicant, plugin.Maintainer, plugin.Sponsor, plugin.Staff}
	judges  = []plugin.Role{plugin.Sponsor, plugin.Reviewer, plugin.Staff}
	board   = []plugin.Role{plugin.Sponsor, plugin.Staff}
)

// Commands are the verbs.
func (Plugin) Commands(any) []plugin.Command {
	verb := func(name, usage string, who []plugin.Role, text bool, run run, help string, examples ...string) plugin.Command {
		return plugin.Command{
			Name: "dd " + name, Usage: "/dd " + name + usage, Who: who, Tracks: true, Text: text, Run: public(run), Help: help, Examples: examples,
		}
	}
	return []plugin.Command{
		verb("ask", " [ITEM] QUESTION", anyone, true, ask, "Asks a question, about an item or the whole; lines below it belong to it.",
			"/dd ask technical.3 which version was tested?", "/dd ask who asks the adopters?"),
		verb("answer", " Qn TEXT", anyone, true, answer, "Answers a question.", "/dd answer Q2 version 1.4, see https://example.com/report"),
		verb("close", " Qn|Fn", anyone, false, closeIt, "Closes a question that needs no answer any more, or a finding that is dealt with.", "/dd close Q2", "/dd close F1"),
		verb("claim", " ITEM[, ITEM…] [by DATE]", anyone, false, claim, "Says that you do an item, and until when.", "/dd claim technical.3", "/dd claim gov/required.4 by 2026-12-01"),
		verb("assign", " ITEM[, ITEM…] @LOGIN [by DATE]", project, false, assign, "Says who does an item.", "/dd assign technical.3 @octocat by +2w"),
		verb("due", " ITEM|NAME [DATE|none]", project, false, due, "Sets the day of an item, or of something with a name of its own. What has a clock in the configuration needs no day.",
			"/dd due technical.3 2026-12-01", "/dd due kickoff 2026-11-18", "/dd due internal-review"),
		verb("release", " ITEM[, ITEM…]", anyone, false, release, "Takes the owner and the day of an item away.", "/dd release technical.3"),
		verb("link", " ITEM #N|OWNER/REPO#N|URL", project, false, link, "Ties an item to an issue, a pull request or an address; the state is shown.", "/dd link technical.3 #110", "/dd link gov/required.1 cncf/toc#2207"),
		verb("unlink", " [ITEM] #N|OWNER/REPO#N|URL", project, false, unlink, "Unties it; without an item, from all.", "/dd unlink technical.3 #110", "/dd unlink #110"),
		verb("finding", " [blocking|recommended] [ITEM] TEXT [--file [OWNER/REPO]]", judges, true, finding,
			"Keeps what a reviewer found; with --file it becomes an issue in the project's repository.",
			"/dd finding blocking gov/required.4 the list of maintainers is a year old", "/dd finding the roadmap link is dead --file openfga/community", "/dd finding F2 openfga/community#503"),
		verb("relink", " OLD NEW", project, false, relink, "Writes another address for one in the description, wherever it stands.", "/dd relink https://example.com/old https://example.com/new"),
		verb("coi", " none|soft|hard [TEXT]", anyone, true, coi, "States a sponsor's conflict of interest, or that there is none.", "/dd coi none", "/dd coi soft I contributed to it in 2023"),
		verb("sponsor", " me|@LOGIN|none @LOGIN", anyone, false, sponsor, "Makes somebody a sponsor of this application.", "/dd sponsor me", "/dd sponsor @octocat", "/dd sponsor none @octocat"),
		verb("cosponsor", " me|@LOGIN", anyone, false, cosponsor, "Makes somebody a co-sponsor.", "/dd cosponsor @octocat"),
		verb("team", " add|remove @LOGIN", []plugin.Role{plugin.Author, plugin.Sponsor, plugin.Staff}, false, team, "Lets somebody speak for the applicant on this issue: tick and document items.", "/dd team add @octocat", "/dd team remove @octocat"),
		verb("adopter", " add [INDUSTRY]|An STATE [by DATE]|An note TEXT|An substitute URL|An name NAME", project, true, adopter,
			"Follows the adopters from listed to approved; candidates have numbers, not names.",
			"/dd adopter add finance", "/dd adopter A2 scheduled by 2026-12-01", "/dd adopter A2 approved", "/dd adopter A3 substitute https://architecture.cncf.io/architectures/example/"),
		verb("not-ready", " REASON", board, true, notReady, "Closes the application as not ready, with what is missing.", "/dd not-ready the governance is not written down; please come back in six months"),
		verb("reapply", " #N", project, false, reapply, "Takes over what an earlier application left open.", "/dd reapply #1757"),
		verb("tracks", " OWNER/REPO#N|none", project, false, tracks, "Names the other issue about the same: the application of this tracker, or the tracker of this application.", "/dd tracks kubevirt/community#307"),
		verb("snooze", " [DATE]", anyone, false, snooze, "Spares you reminders about this issue, for two weeks or until a day.", "/dd snooze", "/dd snooze +1m"),
		verb("queue", " [LABEL]", anyone, false, queue, "Shows all open applications: level, stage, days in it, whose turn it is.", "/dd queue", "/dd queue level/graduation"),
	}
}

// public refuses what holds personal data, before any other answer could repeat it: the page is public.
func public(do run) run {
	return func(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
		if personal(a.Rest + "\n" + a.Text) {
			return nil, textPersonal(a)
		}
		return do(in, a)
	}
}

// state reads the state, as commands before this one left it.
func state(in plugin.Input) (diligence.State, int64, error) {
	known, err := in.Status()
	if err != nil {
		return diligence.State{}, 0, err
	}
	s, err := diligence.Parse(known.Body)
	if err != nil {
		return s, 0, textUnreadable(err)
	}
	return s, known.ID, nil
}

// keep has the state written. Handle makes the tables when all commands of the event are through.
func keep(in plugin.Input, s diligence.State, id int64, more ...plan.Effect) ([]plan.Effect, error) {
	known, err := in.Status()
	if err != nil || s.Empty() && known.ID == 0 && known.Body == "" {
		return more, err // a comment that says nothing is none
	}
	block, err := s.Block()
	if err != nil {
		return nil, err
	}
	if len(block) > diligence.MaxBlock && len(block) > len(known.Body) {
		return nil, textFull()
	}
	return append([]plan.Effect{plan.Notice{Key: statusKey, CommentID: id, Text: block}}, more...), nil
}

// now is the time of the event: clocks count from when somebody said something, not from when ddbot came to it.
func now(in plugin.Input) time.Time {
	if at := in.Event.At(); !at.IsZero() {
		return at
	}
	return in.Now
}
