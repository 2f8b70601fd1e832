package dev.guildcast.suite.status;

import java.nio.file.Path;

/// The folder of a suite's files: GUILDCAST_HOME, else `.guildcast` in the checkout.
///
/// @param home absolute
public record SuiteFolder(Path home) {
    public SuiteFolder {
        home = home.toAbsolutePath().normalize();
    }

    /// From the system property `guildcast.home`, which the launcher script sets, else from the environment, else in
    /// the current folder.
    public static SuiteFolder ofThisProcess() {
        var property = System.getProperty("guildcast.home");
        var environment = System.getenv("GUILDCAST_HOME");
        if (property != null && !property.isBlank()) {
            return new SuiteFolder(Path.of(property));
        }
        return new SuiteFolder(Path.of(environment == null || environment.isBlank() ? ".guildcast" : environment));
    }

    /// One log file per service instance.
    public Path logs() {
        return home.resolve("log");
    }

    /// Marker files that children write once they serve.
    public Path readyMarkers() {
        return home.resolve("started");
    }

    /// Key and certificate of the voice gateway.
    public Path voiceKeyStore() {
        return home.resolve("voice-gateway.p12");
    }

    /// The certificate of the voice gateway: what clients must trust.
    public Path voiceCertificate() {
        return home.resolve("voice-gateway.pem");
    }

    /// Kafka's data: all that a suite keeps from one start to the next, beside its world and its tokens.
    public Path kafka() {
        return home.resolve("kafka");
    }

    /// The tokens that the gateways accept.
    public Path tokens() {
        return home.resolve("tokens.json");
    }

    /// The world that the suite was started with.
    public Path world() {
        return home.resolve("world.json");
    }

    /// The tokens with which publishers authenticate; readable by its owner only.
    public Path ingressTokens() {
        return home.resolve("ingress-tokens.json");
    }

    /// The secret by which the suite's processes recognise each other, another at each start; readable by its owner
    /// only.
    public Path internalSecret() {
        return home.resolve("internal-secret");
    }

    /// The digest of the world once it is loaded completely.
    public Path loadedWorld() {
        return home.resolve("world.loaded");
    }

    /// See [StatusFile].
    public Path status() {
        return home.resolve("status.json");
    }

    /// Locked by the suite that runs in this folder.
    public Path lock() {
        return home.resolve("lock");
    }
}
