// Package scripttest runs the stories of ddbot's plugins: the issue, what people do, and what the bot plans, calls, changes and
// says (package story tells how they are written). A plugin's test is one line, and a new story is a new file. What can happen in one is
// listed in actions.go. Outputs (plan, calls, diff, reply) are written by -update and read in review like code.
//
// Whatever the files say, the runner asserts for every step: planning twice gives the same; planning on the result
// changes nothing; only items, and lines under them, change in the body (untouched.go); one PATCH of the issue and one comment for each
// event at most; no line that was written begins with "/"; nothing was asked of GitHub that the simulator does not know.
// And it runs each story again for each request that writes, killing the bot before it was sent, after it was sent and
// after its answer was noted: the end must be the same. Then the GitHub Action plays it, a run for each event, and is killed after
// each of its requests, reads too (asaction.go).
package scripttest
