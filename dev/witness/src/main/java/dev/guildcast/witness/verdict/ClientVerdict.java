package dev.guildcast.witness.verdict;

import dev.guildcast.witness.verdict.DeliveryFault.Kind;
import java.util.List;

/// What one client received, compared with what it should have received.
///
/// @param entitled events that it had to receive, and optional ones that it did receive
/// @param received how many of these it received
/// @param longestSilence from the first required event after a dispatch to the next dispatch
/// @param resumes number of RESUMED received
/// @param invalidSessions number of op 9 received, justified or not
/// @param faults in no particular order; empty if there are none
public record ClientVerdict(
        String client,
        int entitled,
        int received,
        Silence longestSilence,
        int resumes,
        int invalidSessions,
        List<DeliveryFault> faults) {
    public long count(Kind kind) {
        return faults.stream().filter(fault -> fault.kind() == kind).count();
    }

    public boolean passed() {
        return faults.isEmpty();
    }
}
