package dev.guildcast.suite.doctor;

/// The result of one check.
///
/// @param message what was found, and what to do if something is missing
public record Finding(Level level, String message) {
    /// The severity.
    public enum Level {
        OK("ok"),
        /// A suite starts; load or comfort suffers.
        WARNING("warn"),
        /// A suite cannot start.
        FAILURE("fail");

        private final String label;

        Level(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    static Finding ok(String message) {
        return new Finding(Level.OK, message);
    }

    static Finding warning(String message) {
        return new Finding(Level.WARNING, message);
    }

    static Finding failure(String message) {
        return new Finding(Level.FAILURE, message);
    }
}
