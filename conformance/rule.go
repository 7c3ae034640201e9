package conformance

import "strings"

// A Rule is one promise of a runtime, or of an inbox.
type Rule struct {
	// ID is the area and the rule, such as turn/only-after-wake. It does not
	// change from one version to the next.
	ID string
	// Promise is the rule in one sentence.
	Promise string
	// Must is false for a rule that a right runtime may have a reason to
	// break.
	Must bool
}

// Level is MUST or SHOULD.
func (r Rule) Level() string {
	if r.Must {
		return "MUST"
	}
	return "SHOULD"
}

// area is the first half of the ID, and name the second.
func (r Rule) area() string { area, _, _ := strings.Cut(r.ID, "/"); return area }
func (r Rule) name() string { _, name, _ := strings.Cut(r.ID, "/"); return name }

// A check is a rule and how to find out.
type check struct {
	Rule
	run func(*trial)
	// short is for a rule that right runtimes keep in no time and many
	// break by a hang: see terms.brief.
	short bool
}

// brief is c with less time.
func (c check) brief() check { c.short = true; return c }

// must and should are the two levels of a rule of a runtime.
func must(id, promise string, run func(*trial)) check {
	return check{Rule: Rule{id, promise, true}, run: run}
}

func should(id, promise string, run func(*trial)) check {
	return check{Rule: Rule{id, promise, false}, run: run}
}

// Rules are the rules of a runtime, in the order in which they run.
func Rules() []Rule { return rulesOf(runtimeChecks()) }

// InboxRules are the rules of an inbox, in the order in which they run.
func InboxRules() []Rule { return rulesOf(inboxChecks[any](nil, nil)) }

func rulesOf(checks []check) []Rule {
	rules := make([]Rule, len(checks))
	for i, c := range checks {
		rules[i] = c.Rule
	}
	return rules
}

// runtimeChecks are all checks of a runtime, area by area.
func runtimeChecks() []check {
	var all []check
	for _, area := range [][]check{
		attachRules, wakeRules, turnRules, fairRules, isolationRules, waitRules,
		parkRules, inlineRules, pinnedRules, failureRules, mixRules, closeRules, resourceRules,
	} {
		all = append(all, area...)
	}
	return all
}
