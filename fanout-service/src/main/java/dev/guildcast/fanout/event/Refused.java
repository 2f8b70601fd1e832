package dev.guildcast.fanout.event;

/// A record that cannot be applied: it goes to the dead letters, and nothing but the publisher's marks has changed.
///
/// The message names ids and rules, never a payload.
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Refused(String reason) {
        super(reason, null, false, false);
    }
}
