package dev.guildcast.system.vectors;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The examples of the wire protocol that need all services together; those of a single service are tested in its
/// module.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VectorsIT implements GuildVectors, PresenceVectors, VoiceVectors {
    private @Nullable VectorSuite suite;

    @BeforeAll
    void start(@TempDir Path home) throws IOException, InterruptedException {
        suite = new VectorSuite(home);
    }

    @AfterAll
    void stop() {
        if (suite != null) {
            suite.close();
        }
    }

    @Override
    public VectorSuite suite() {
        return Objects.requireNonNull(suite);
    }
}
