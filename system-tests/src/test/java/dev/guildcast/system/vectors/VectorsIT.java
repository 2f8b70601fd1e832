package dev.guildcast.system.vectors;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What the examples of the wire protocol show through all services together; what one service shows alone is tested
/// there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VectorsIT implements GuildVectors, PresenceVectors, VoiceVectors {
    private @Nullable VectorSuite suite;

    @BeforeAll
    void starts(@TempDir Path home) throws IOException, InterruptedException {
        suite = new VectorSuite(home);
    }

    @AfterAll
    void stops() {
        if (suite != null) {
            suite.close();
        }
    }

    @Override
    public VectorSuite suite() {
        return Objects.requireNonNull(suite);
    }
}
