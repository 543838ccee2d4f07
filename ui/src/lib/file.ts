/** A file as an address of its own (`data:…;base64,…`); a browser makes the text at once. Empty where it cannot be read. */
export function addressOf(file: File): Promise<string> {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onloadend = () => {
      done(typeof reader.result === 'string' ? reader.result : '');
    };
    reader.readAsDataURL(file);
  });
}

/** What stands behind the comma of such an address. */
export function base64Of(address: string): string {
  return address.slice(address.indexOf(',') + 1);
}
