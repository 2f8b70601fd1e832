package dev.guildcast.contract.catalogue;

import java.io.Serial;

/// Ends the reading of an event that is wrong; never leaves the package: [EventCatalogue] makes it a value.
final class Refusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String reason;

    Refusal(String field, String reason) {
        super(reason, null, false, false);
        this.field = field;
        this.reason = reason;
    }

    ReadEvent.Refused toValue() {
        return new ReadEvent.Refused(field, reason);
    }
}
