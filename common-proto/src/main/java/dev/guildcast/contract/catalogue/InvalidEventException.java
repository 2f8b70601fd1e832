package dev.guildcast.contract.catalogue;

import java.io.Serial;

/// Ends the parsing of an invalid event; never leaves the package, since [EventCatalogue] turns it into a value.
final class InvalidEventException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String reason;

    InvalidEventException(String field, String reason) {
        super(reason, null, false, false);
        this.field = field;
        this.reason = reason;
    }

    ParsedEvent.Invalid toParsedEvent() {
        return new ParsedEvent.Invalid(field, reason);
    }
}
