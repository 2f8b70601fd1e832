package dev.guildcast.witness.verdict;

import dev.guildcast.witness.Observation;
import dev.guildcast.witness.verdict.DeliveryFault.Kind;
import java.util.ArrayList;
import java.util.List;

/// Verifies that a client's session ended only for a reason: the client closed it, or was disconnected for longer than
/// the session timeout.
final class SessionCheck {
    private final long sessionTimeoutNanos;
    private final List<DeliveryFault> faults = new ArrayList<>();
    private boolean hasSession;
    private boolean endedByClient;
    private long disconnectedNanos = -1;

    /// @param sessionTimeoutNanos the shortest lifetime of a session without a connection
    SessionCheck(long sessionTimeoutNanos) {
        this.sessionTimeoutNanos = sessionTimeoutNanos;
    }

    List<DeliveryFault> check(List<Observation> observations) {
        observations.forEach(this::onObservation);
        return faults;
    }

    private void onObservation(Observation observation) {
        switch (observation) {
            case Observation.Closed closed -> {
                endedByClient |= hasSession && closed.endsSession();
                disconnectedNanos = disconnectedNanos < 0 ? closed.atNanos() : disconnectedNanos;
            }
            case Observation.InvalidSession invalid -> {
                if (hasSession && !invalid.resumable()) {
                    onSessionLost(invalid.atNanos(), "op 9");
                    hasSession = false;
                }
            }
            case Observation.ReceivedDispatch dispatch -> {
                if (dispatch.type().equals("READY")) {
                    if (hasSession) {
                        onSessionLost(dispatch.atNanos(), "a new READY");
                    }
                    hasSession = true;
                    endedByClient = false;
                }
                disconnectedNanos = -1;
            }
            case Observation.Connected ignored -> {}
            case Observation.IdentifySent ignored -> {}
            case Observation.ResumeSent ignored -> {}
            case Observation.ReconnectRequested ignored -> {}
        }
    }

    private void onSessionLost(long atNanos, String how) {
        boolean expired = disconnectedNanos >= 0 && atNanos - disconnectedNanos >= sessionTimeoutNanos;
        if (!endedByClient && !expired) {
            faults.add(new DeliveryFault(Kind.SESSION, how + " for a session that must not have ended"));
        }
    }
}
