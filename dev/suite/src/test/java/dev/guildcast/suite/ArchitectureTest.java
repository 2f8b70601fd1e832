package dev.guildcast.suite;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.guildcast.shard.testing.PackageRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "dev.guildcast.suite";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void packagesFormNoCycle() {
        PackageRules.assertFreeOfCycles(classes, ROOT);
    }

    @Test
    void servicesAreKnownByNameOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.guildcast.gateway..",
                        "dev.guildcast.session..",
                        "dev.guildcast.fanout..",
                        "dev.guildcast.presence..",
                        "dev.guildcast.voice.signaling..",
                        "dev.guildcast.coordinator..",
                        "dev.guildcast.backend..",
                        "dev.guildcast.witness..")
                .check(classes);
    }
}
