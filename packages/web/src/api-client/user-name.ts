/** What a user is called: the address, until there is a name. */
export const userName = ({ first_name: name, email }: { first_name: string; email: string }): string => name || email
