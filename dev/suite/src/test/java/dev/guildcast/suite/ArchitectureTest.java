package dev.guildcast.suite;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.guildcast.suite");

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.guildcast.suite.(*)..").should().beFreeOfCycles().check(classes);
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
