package dev.guildcast.benchmark;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.guildcast.shard.testing.PackageRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "dev.guildcast.benchmark";

    @Test
    void packagesAreFreeOfCycles() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(ROOT);
        PackageRules.assertFreeOfCycles(classes, ROOT);
    }
}
