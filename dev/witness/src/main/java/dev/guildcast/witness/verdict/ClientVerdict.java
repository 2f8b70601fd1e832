package dev.guildcast.witness.verdict;

import dev.guildcast.witness.verdict.Fault.Kind;
import java.util.List;

/// What one client got, against what it should have got.
///
/// @param entitled events that it had to get, and those that it might get and did
/// @param received of these, how many it got
/// @param longestSilence from the first event after a dispatch that the client had to get, to the next dispatch
/// @param resumes RESUMED seen
/// @param invalidSessions op 9 seen, owed or not
/// @param faults in no particular order; empty if all is well
public record ClientVerdict(
        String client,
        int entitled,
        int received,
        Silence longestSilence,
        int resumes,
        int invalidSessions,
        List<Fault> faults) {
    public long count(Kind kind) {
        return faults.stream().filter(fault -> fault.kind() == kind).count();
    }

    public boolean good() {
        return faults.isEmpty();
    }
}
