package dev.guildcast.suite.doctor;

/// One thing that was looked at.
///
/// @param sentence what was found, and where something is missing, what to do
public record Finding(Level level, String sentence) {
    /// How bad it is.
    public enum Level {
        GOOD("ok"),
        /// A suite starts; load or comfort suffers.
        WARNS("warn"),
        /// A suite cannot start.
        FAILS("fail");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    static Finding good(String sentence) {
        return new Finding(Level.GOOD, sentence);
    }

    static Finding warns(String sentence) {
        return new Finding(Level.WARNS, sentence);
    }

    static Finding fails(String sentence) {
        return new Finding(Level.FAILS, sentence);
    }
}
