package dev.guildcast.system.simulation;

/// A violated invariant.
final class InvariantViolation extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvariantViolation(String message) {
        super(message);
    }
}
