package dev.guildcast.shard.access;

/// What a server knows of who calls it.
public sealed interface CallerVerification {
    /// A caller that has proven its role.
    ///
    /// @param role what it is
    /// @param name who it is: the identity in its certificate, or the name of a publisher
    record Caller(PeerRole role, String name) implements CallerVerification {}

    /// A caller that has proven nothing. It learns no more than the reason's text.
    record Unverified(Reason reason) implements CallerVerification {}

    /// Why a caller counts as unverified.
    enum Reason {
        NO_CERTIFICATE("the caller has shown no certificate"),
        NO_ROLE("the caller's certificate names no role of this installation"),
        NO_SECRET("the caller has shown no secret and no role"),
        WRONG_SECRET("the caller's secret or role is not valid here"),
        NO_TOKEN("no publisher has this token");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /// For the caller and for logs.
        public String text() {
            return text;
        }

        /// For metrics.
        public String tag() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
