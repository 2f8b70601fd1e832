package dev.guildcast.system;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.guildcast.shard.testing.PackageRules;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Of these tests, and of the examples, which are too small for a test of their own.
class ArchitectureTest {
    @ParameterizedTest
    @ValueSource(strings = {"dev.guildcast.system", "dev.guildcast.examples"})
    void packagesAreFreeOfCycles(String root) {
        PackageRules.assertFreeOfCycles(new ClassFileImporter().importPackages(root), root);
    }
}
