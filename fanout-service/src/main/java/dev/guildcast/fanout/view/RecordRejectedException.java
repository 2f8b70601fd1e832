package dev.guildcast.fanout.view;

/// A record that cannot be applied: it goes to the dead letters, and only the publisher's window has changed.
///
/// The message contains ids and rules, never a payload.
public final class RecordRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RecordRejectedException(String reason) {
        super(reason, null, false, false);
    }
}
