// Package evidence looks for what answers the criteria of a promotion, and holds claims against facts.
//
// It works in three steps that do not know each other's business. A [Source] reads repositories, on GitHub or in local
// clones. [Gather] asks it for all that a level's check needs, within a budget, and makes [Facts] of it. [Check] is pure: an
// item of the checklist and the facts go in, a [Result] comes out. What could not be read is unknown, never "not met".
//
// Criteria are known by their texts (package criteria), never by their place: templates change every few months.
package evidence
