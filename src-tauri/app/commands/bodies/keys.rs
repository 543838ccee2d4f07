//! Opening, locking, and the ways to the diary's key.

use afterglow_diary::{AskAtStart, Credential, Diary, KeyError, WithoutKeyring};

use crate::app::{App, Slot};
use crate::clock::Moment;
use crate::views;
use crate::wire::{
    ChangedPassphrase, Failure, NewPassphrase, ProtectionView, RecoveryCodeView, RemovedPassphrase, Secret,
};

impl Secret {
    pub(super) fn credential(&self) -> Credential<'_> {
        match self {
            Self::Passphrase(typed) => Credential::Passphrase(typed),
            Self::RecoveryCode(typed) => Credential::RecoveryCode(typed),
        }
    }
}

/// Opens the diary with what the patient typed. One that is open stays open.
pub async fn unlock(app: &App, _moment: &Moment, secret: Secret) -> Result<(), Failure> {
    let mut slot = app.slot().await;
    if !matches!(*slot, Slot::Open(_)) {
        *slot = Slot::Open(app.open_with(secret.credential()).await?);
    }
    Ok(())
}

/// Closes the diary until the patient opens it again; only where a passphrase is set.
pub async fn lock(app: &App, _moment: &Moment) -> Result<(), Failure> {
    let mut slot = app.alone().await;
    if let Slot::Open(open) = &*slot {
        let protection = open.diary.protection().await;
        if !protection.passphrase {
            return Err(KeyError::NotSet(afterglow_diary::Secret::Passphrase).into());
        }
        let diary = open.diary.clone();
        *slot = Slot::Locked(protection);
        diary.close().await;
    }
    Ok(())
}

/// How the diary's key is kept.
pub async fn protection(app: &App, _moment: &Moment) -> Result<ProtectionView, Failure> {
    Ok(protection_of(&*app.diary().await?).await)
}

async fn protection_of(diary: &Diary) -> ProtectionView {
    ProtectionView {
        ways: views::protection(diary.protection().await),
        keyring_entry_left: diary.keyring_entry_left().await,
    }
}

/// Sets the first passphrase.
pub async fn set_passphrase(
    app: &App,
    _moment: &Moment,
    input: NewPassphrase,
) -> Result<ProtectionView, Failure> {
    long_enough(&input.passphrase)?;
    let ask = if input.ask_at_start {
        AskAtStart::Yes
    } else {
        AskAtStart::No
    };
    let diary = app.diary().await?;
    diary.set_passphrase(&input.passphrase, ask).await?;
    app.forget_keyring_notes().await;
    Ok(protection_of(&diary).await)
}

/// Replaces the passphrase.
pub async fn change_passphrase(
    app: &App,
    _moment: &Moment,
    input: ChangedPassphrase,
) -> Result<ProtectionView, Failure> {
    long_enough(&input.new)?;
    let diary = app.diary().await?;
    diary.change_passphrase(&input.current, &input.new).await?;
    Ok(protection_of(&diary).await)
}

/// Removes the passphrase.
pub async fn remove_passphrase(
    app: &App,
    _moment: &Moment,
    input: RemovedPassphrase,
) -> Result<ProtectionView, Failure> {
    let otherwise = if input.accept_key_file {
        WithoutKeyring::AcceptKeyFile
    } else {
        WithoutKeyring::Refuse
    };
    let diary = app.diary().await?;
    diary.remove_passphrase(&input.current, otherwise).await?;
    Ok(protection_of(&diary).await)
}

/// Puts the key into the system's keyring.
pub async fn keep_in_keyring(app: &App, _moment: &Moment) -> Result<ProtectionView, Failure> {
    let diary = app.diary().await?;
    diary.keep_in_keyring().await?;
    app.forget_keyring_notes().await;
    Ok(protection_of(&diary).await)
}

/// Takes the key out of the system's keyring.
pub async fn leave_keyring(app: &App, _moment: &Moment) -> Result<ProtectionView, Failure> {
    let diary = app.diary().await?;
    diary.leave_keyring().await?;
    app.forget_keyring_notes().await;
    Ok(protection_of(&diary).await)
}

/// Makes a recovery code; one that was printed before opens nothing any more.
pub async fn new_recovery_code(app: &App, _moment: &Moment) -> Result<RecoveryCodeView, Failure> {
    let code = app.diary().await?.new_recovery_code().await?;
    Ok(RecoveryCodeView {
        groups: code.printed().split(' ').map(str::to_owned).collect(),
        qr_svg: code.qr_svg()?.to_string(),
    })
}

/// Removes the recovery code.
pub async fn remove_recovery_code(app: &App, _moment: &Moment) -> Result<ProtectionView, Failure> {
    let diary = app.diary().await?;
    diary.remove_recovery_code().await?;
    Ok(protection_of(&diary).await)
}

/// The diary's own rule for an export holds for its passphrase too: one that is guessed in a minute protects nothing.
fn long_enough(passphrase: &str) -> Result<(), Failure> {
    let least = afterglow_diary::backup::LEAST_PASSPHRASE;
    if passphrase.chars().count() < least {
        return Err(Failure::PassphraseTooShort { least });
    }
    Ok(())
}
