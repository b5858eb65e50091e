// Package checklist reads and edits the task lists in the body of a GitHub issue.
//
// # What
//
// Parse lists the boxes that GitHub renders, and only those: no line in a comment, in code or in front of a missing text.
// Resolve finds the items that a person means by "technical.3" or "code of conduct". Apply, Tick, AddNote and AddItem give
// the body with a box ticked, a note nested under an item or an item added. Evidence gives what is said about an item, wherever
// that stands up to the next box or heading.
//
// # Why
//
// Looking for "- [ ]" line by line is wrong for one line in ten of real bodies, and writing a body anew from a model of it
// loses what people wrote. So a Markdown parser says where the boxes stand, and an edit touches those bytes only.
//
// # Invariants
//
//   - An edit is verified: the result is parsed again and all items are compared. If anything but the intended change is
//     seen, the edit is refused and the body stays as it was.
//   - Bytes outside the edited places are the same before and after, whatever the line ends.
//   - A Key names the same item before and after a tick, a note or an added item anywhere else.
//   - The Ref of an item resolves to that item alone.
//   - A reference that is unknown or unclear changes nothing; the error offers candidates.
//   - Bodies that would make the parser slow are refused before it sees them.
//
// The package does no I/O and keeps no state. A List is not changed after Parse and may be shared by goroutines.
package checklist
