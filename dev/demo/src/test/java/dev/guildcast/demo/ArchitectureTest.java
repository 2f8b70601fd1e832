package dev.guildcast.demo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.guildcast.demo");

    @Test
    void isOnePackage() {
        classes().should().resideInAPackage("dev.guildcast.demo").check(CLASSES);
    }

    @Test
    void knowsTheSuiteAndTheWitnessButNoService() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.guildcast.gateway..",
                        "dev.guildcast.session..",
                        "dev.guildcast.fanout..",
                        "dev.guildcast.presence..",
                        "dev.guildcast.voice..",
                        "dev.guildcast.coordinator..",
                        "dev.guildcast.shard..",
                        "dev.guildcast.contract..",
                        "dev.guildcast.backend..")
                .check(CLASSES);
    }
}
